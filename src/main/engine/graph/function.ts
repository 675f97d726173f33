/** Functions of a graph: written once, called many times, compiled by XLA where that is asked for. */
import type { DType } from './dtype.ts';
import { GraphError, showTensor, type Node, type Tensor } from './node.ts';
import { Scope } from './scope.ts';
import { sameShape, showShape, type Shape } from './shape.ts';

export type TensorSpec = { dtype: DType; shape: Shape };

/**
 * Writes the gradient of each argument, null where there is none, from the arguments, the results and the gradients of the
 * results. What it reads of the results does not have to be computed again.
 */
export type FunctionGradient = (
  args: readonly Tensor[],
  results: readonly Tensor[],
  dys: readonly Tensor[],
) => readonly (Tensor | null)[];

export type GraphFunction = {
  readonly name: string;
  readonly scope: Scope;
  readonly parameters: readonly Tensor[];
  readonly results: readonly Tensor[];
  /** One XLA program per set of argument shapes, shared by all callers. Otherwise its nodes run one by one. */
  readonly compiled: boolean;
  /** In place of the one that the rules of its nodes make. */
  readonly gradient?: FunctionGradient;
};

/** Traces `body` once on parameters of the given types. */
export function defineFunction(
  name: string,
  parameters: readonly TensorSpec[],
  body: (parameters: readonly Tensor[], scope: Scope) => readonly Tensor[],
  options: Pick<GraphFunction, 'compiled' | 'gradient'>,
): GraphFunction {
  const scope = new Scope(name);
  const tensors = parameters.map((spec, i) => addParameter(scope, `p${i}`, spec));
  const results = body(tensors, scope);
  return { name, scope, parameters: tensors, results, ...options };
}

export function addParameter(scope: Scope, name: string, spec: TensorSpec): Tensor {
  return scope.addOne({ op: 'Argument', name, dtype: spec.dtype, shape: spec.shape });
}

/** Calls a function once `after` has run; gives its results. Throws a GraphError that names both sides when an argument does not fit. */
export function call(
  fn: GraphFunction,
  args: readonly Tensor[],
  after: readonly Node[] = [],
): readonly Tensor[] {
  const scope = args[0]?.node.scope;
  if (!scope) throw new GraphError(`${fn.name} is called without arguments`);
  if (args.length !== fn.parameters.length) {
    throw new GraphError(`${fn.name} takes ${fn.parameters.length} arguments, got ${args.length}`);
  }
  fn.parameters.forEach((parameter, i) => {
    const arg = args[i];
    if (!arg || arg.dtype !== parameter.dtype || !sameShape(arg.shape, parameter.shape)) {
      throw new GraphError(
        `argument ${i} of ${fn.name} has to be ${parameter.dtype} ${showShape(parameter.shape)}, got ${arg ? showTensor(arg) : 'nothing'}`,
      );
    }
  });
  return scope.add({
    op: 'StatefulPartitionedCall',
    name: fn.name,
    inputs: args,
    after,
    attributes: {
      Tin: { kind: 'types', value: args.map((arg) => arg.dtype) },
      Tout: { kind: 'types', value: fn.results.map((result) => result.dtype) },
      f: { kind: 'function', value: fn },
    },
    outputs: fn.results.map(({ dtype, shape }) => ({ dtype, shape })),
  }).outputs;
}

export function calledFunction(node: Node): GraphFunction | null {
  const attribute = node.attributes['f'];
  return attribute?.kind === 'function' ? attribute.value : null;
}

/**
 * Copies nodes into another scope; `map` holds what stands for tensors that are not copied, and gains the copies.
 * @param standIns tensors to be read instead of others
 */
export function copyNodes(
  nodes: Iterable<Node>,
  scope: Scope,
  map: Map<Tensor, Tensor>,
  standIns: ReadonlyMap<Tensor, Tensor> = new Map(),
): void {
  for (const node of nodes) {
    if (node.outputs.every((output) => map.has(output))) continue;
    const copy = scope.add({
      op: node.op,
      name: node.name.replace(/_\d+$/, ''),
      inputs: node.inputs.map((input) => lookUp(map, standIns.get(input) ?? input)),
      attributes: node.attributes,
      outputs: node.outputs.map(({ dtype, shape }) => ({ dtype, shape })),
      keepable: node.keepable,
    });
    node.outputs.forEach((output, i) => {
      const copied = copy.outputs[i];
      if (copied && !map.has(output)) map.set(output, copied);
    });
  }
}

export function lookUp(map: ReadonlyMap<Tensor, Tensor>, tensor: Tensor): Tensor {
  const found = map.get(tensor);
  if (!found) throw new GraphError(`${showTensor(tensor)} was not copied`);
  return found;
}

/** The body of a function written into the caller's scope instead of a call. */
export function inline(
  fn: GraphFunction,
  args: readonly Tensor[],
  scope: Scope,
): readonly Tensor[] {
  const map = new Map<Tensor, Tensor>();
  fn.parameters.forEach((parameter, i) => {
    const arg = args[i];
    if (arg) map.set(parameter, arg);
  });
  copyNodes(fn.scope.nodes, scope, map);
  return fn.results.map((result) => lookUp(map, result));
}
