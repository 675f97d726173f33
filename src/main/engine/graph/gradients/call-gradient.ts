/** The gradient of a function call is a call too: it computes what it needs from the arguments again. */
import { call, calledFunction, type GraphFunction } from '../function.ts';
import { GraphError, type Node, type Tensor } from '../node.ts';
import { zerosLike } from '../ops/index.ts';
import { differentiate, type Differentiated } from './differentiate.ts';
import type { GradientRule } from './rules.ts';

/** How a call came to be that computes the gradient of another. */
export type GradientCall = {
  forward: Node;
  /** Writes a call that also gives the results of `forward`. `gradients` are in the order of the outputs of the first call. */
  withResults: () => { gradients: readonly Tensor[]; results: readonly Tensor[] };
};

const made = new WeakMap<Node, GradientCall>();

/** Null when the node is not such a call. */
export function gradientCall(node: Node): GradientCall | null {
  return made.get(node) ?? null;
}

export const callGradient: GradientRule = (node, dOutputs, needs) => {
  const fn = calledFunction(node);
  if (!fn) throw new GraphError(`${node.name} calls no function`);
  const dys = node.outputs.map((output, i) => dOutputs[i] ?? zerosLike(output));
  const { backward } = differentiated(fn, needs, 'read');
  const results = callBackward(node, dys, backward);
  const [first] = results;
  if (first) {
    const withResults = () => {
      const { backward: both } = differentiated(fn, needs, 'given');
      const outputs = callBackward(node, dys, both);
      return { gradients: outputs, results: both.again.map((at) => pick(outputs, at)) };
    };
    made.set(first.node, { forward: node, withResults });
  }
  return backward.results.map((at) => (at === null ? null : (results[at] ?? null)));
};

function callBackward(
  node: Node,
  dys: readonly Tensor[],
  { fn, inputs }: Differentiated['backward'],
): readonly Tensor[] {
  const sources = { argument: node.inputs, kept: [], result: node.outputs, dy: dys };
  return call(
    fn,
    inputs.map(({ kind, index }) => pick(sources[kind], index)),
  );
}

const memory = new WeakMap<GraphFunction, Map<string, Differentiated>>();

function differentiated(
  fn: GraphFunction,
  needs: readonly boolean[],
  results: 'read' | 'given',
): Differentiated {
  const known = memory.get(fn) ?? new Map<string, Differentiated>();
  memory.set(fn, known);
  const key = `${needs.join()} ${results}`;
  const found = known.get(key) ?? differentiate(fn, { wrt: needs, keep: () => false, results });
  known.set(key, found);
  return found;
}

function pick(tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (!tensor) throw new GraphError(`no tensor ${index}`);
  return tensor;
}
