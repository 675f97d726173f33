/**
 * A function becomes a pair: `forward` gives its results and the tensors that it keeps, `backward` takes those and
 * gives the gradients. What is not kept is computed again in the backward function, from what is kept and from the
 * arguments (gradient checkpointing, Chen et al. 2016, arXiv:1604.06174, here for any cut through the function).
 */
import { addParameter, copyNodes, inline, lookUp, type GraphFunction } from '../function.ts';
import { GraphError, type Tensor } from '../node.ts';
import { Scope } from '../scope.ts';
import type { Gradients } from './reverse.ts';
import { sharedRecomputation } from './shared-recomputation.ts';

type Source = { kind: 'argument' | 'kept' | 'result' | 'dy'; index: number };

export type Differentiated = {
  /** Its results, and after them the kept tensors. */
  forward: { fn: GraphFunction; results: number };
  kept: readonly Tensor[];
  backward: {
    fn: GraphFunction;
    /** What each parameter of the backward function is. */
    inputs: readonly Source[];
    /** For every argument of the original function: which result is its gradient, or null. */
    results: readonly (number | null)[];
    /** Where the function's own results are among its results, when they are 'given'. */
    again: readonly number[];
  };
};

export type PairOptions = {
  /** Which arguments get a gradient. */
  wrt: readonly boolean[];
  /** Whether a tensor of the forward function that the backward function could use is kept. */
  keep: (tensor: Tensor) => boolean;
  /**
   * What becomes of the function's own results: 'read' by the backward function where that saves work, 'given' again by it,
   * or neither.
   */
  results?: 'read' | 'given';
};

/** `gradients` differentiates the body: it comes from outside, because it has to make pairs of the functions that are called there. */
export function functionPair(
  fn: GraphFunction,
  options: PairOptions,
  gradients: Gradients,
): Differentiated {
  // One scope with everything: the function's own nodes first, then those of the gradients.
  const joint = new Scope(`${fn.name}_joint`);
  const args = fn.parameters.map((parameter, i) => addParameter(joint, `p${i}`, parameter));
  const results = inline(fn, args, joint);
  const dys = results.map((result, i) => addParameter(joint, `dy${i}`, result));
  const firstGradientNode = joint.nodes.length;
  const wanted = args.filter((_, i) => options.wrt[i]);
  const found = fn.gradient
    ? fn.gradient(args, results, dys).filter((_, i) => options.wrt[i])
    : gradients(results, dys, wanted);
  // Operands of one sum have the same gradient: it is one result.
  const wantedAgain = options.results === 'given' ? results : [];
  const readable = options.results === 'read' ? results : [];
  const present = [...new Set([...found.filter((gradient) => gradient !== null), ...wantedAgain])];

  const cut = cutBackward(
    joint,
    present,
    firstGradientNode,
    new Set([...args, ...readable, ...dys]),
    options.keep,
  );
  const forward: GraphFunction = {
    name: `${fn.name}_forward`,
    compiled: fn.compiled,
    ...extract(`${fn.name}_forward`, args, [...results, ...cut.kept]),
  };
  const inputs = [
    ...args.map((tensor, index) => ({ tensor, kind: 'argument' as const, index })),
    ...cut.kept.map((tensor, index) => ({ tensor, kind: 'kept' as const, index })),
    ...readable.map((tensor, index) => ({ tensor, kind: 'result' as const, index })),
    ...dys.map((tensor, index) => ({ tensor, kind: 'dy' as const, index })),
  ].filter(({ tensor }) => cut.used.has(tensor));
  const backward: GraphFunction = {
    name: `${fn.name}_backward`,
    compiled: fn.compiled,
    ...extract(
      `${fn.name}_backward`,
      inputs.map(({ tensor }) => tensor),
      present,
    ),
  };
  const gradientOf = new Map(wanted.map((arg, i) => [arg, found[i] ?? null]));
  const resultOf = args.map((arg) => {
    const gradient = gradientOf.get(arg);
    return gradient ? present.indexOf(gradient) : null;
  });
  return {
    forward: { fn: forward, results: results.length },
    kept: cut.kept,
    backward: {
      fn: backward,
      inputs: inputs.map(({ kind, index }) => ({ kind, index })),
      results: resultOf,
      again: wantedAgain.map((result) => present.indexOf(result)),
    },
  };
}

/** Walks from the gradients towards the arguments and stops at tensors that are kept. */
function cutBackward(
  scope: Scope,
  targets: readonly Tensor[],
  firstGradientNode: number,
  given: ReadonlySet<Tensor>,
  keep: (tensor: Tensor) => boolean,
): { kept: Tensor[]; used: Set<Tensor> } {
  const used = new Set<Tensor>();
  const kept = new Set<Tensor>();
  const visited = new Set<Tensor>();
  const queue = [...targets];
  for (let tensor = queue.pop(); tensor; tensor = queue.pop()) {
    if (visited.has(tensor)) continue;
    visited.add(tensor);
    if (given.has(tensor)) {
      used.add(tensor);
    } else if (tensor.node.id < firstGradientNode && keep(tensor)) {
      used.add(tensor);
      kept.add(tensor);
    } else {
      queue.push(...tensor.node.inputs);
    }
  }
  const inOrder = scope.nodes.flatMap((node) => node.outputs).filter((tensor) => kept.has(tensor));
  return { kept: inOrder, used };
}

/** The part of a scope that computes `targets` from `sources`, as a body of its own. */
function extract(
  label: string,
  sources: readonly Tensor[],
  targets: readonly Tensor[],
): Pick<GraphFunction, 'scope' | 'parameters' | 'results'> {
  const scope = new Scope(label);
  const parameters = sources.map((source, i) => addParameter(scope, `p${i}`, source));
  const map = new Map(sources.map((source, i) => [source, parameterAt(parameters, i)]));
  const { nodes, standIns } = sharedRecomputation(new Set(sources), targets);
  copyNodes(nodes, scope, map, standIns);
  return {
    scope,
    parameters,
    results: targets.map((target) => lookUp(map, standIns.get(target) ?? target)),
  };
}

function parameterAt(parameters: readonly Tensor[], index: number): Tensor {
  const parameter = parameters[index];
  if (!parameter) throw new GraphError(`no parameter ${index}`);
  return parameter;
}
