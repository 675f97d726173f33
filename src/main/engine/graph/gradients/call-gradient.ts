/** The gradient of a function call is a call too: it computes what it needs from the arguments again. */
import { call, calledFunction, type GraphFunction } from '../function.ts';
import { GraphError, type Node, type Tensor } from '../node.ts';
import { zerosLike } from '../ops/index.ts';
import { functionPair, type Differentiated } from './function-pair.ts';
import { noteGradientCall } from './gradient-calls.ts';
import type { Gradients } from './reverse.ts';
import type { GradientRule } from './rules.ts';

/** The rule of calls. `gradients` differentiates the body of what is called. */
export function callGradient(gradients: Gradients): GradientRule {
  const pairOf = rememberedPairs(gradients);
  return (node, dOutputs, needs) => {
    const fn = calledFunction(node);
    if (!fn) throw new GraphError(`${node.name} calls no function`);
    const dys = node.outputs.map((output, i) => dOutputs[i] ?? zerosLike(output));
    const { backward } = pairOf(fn, needs, 'read');
    const results = callBackward(node, dys, backward);
    const [first] = results;
    if (first) {
      const withResults = () => {
        const { backward: both } = pairOf(fn, needs, 'given');
        const outputs = callBackward(node, dys, both);
        return { gradients: outputs, results: both.again.map((at) => pick(outputs, at)) };
      };
      noteGradientCall(first.node, { forward: node, withResults });
    }
    return backward.results.map((at) => (at === null ? null : (results[at] ?? null)));
  };
}

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

/** A function is differentiated once for each set of arguments that need a gradient, however often it is called. */
function rememberedPairs(gradients: Gradients) {
  const memory = new WeakMap<GraphFunction, Map<string, Differentiated>>();
  return (fn: GraphFunction, needs: readonly boolean[], results: 'read' | 'given') => {
    const known = memory.get(fn) ?? new Map<string, Differentiated>();
    memory.set(fn, known);
    const key = `${needs.join()} ${results}`;
    const found =
      known.get(key) ?? functionPair(fn, { wrt: needs, keep: () => false, results }, gradients);
    known.set(key, found);
    return found;
  };
}

function pick(tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (!tensor) throw new GraphError(`no tensor ${index}`);
  return tensor;
}
