/** The gradient of a function call is a call too: it computes what it needs from the arguments again. */
import { call, calledFunction, type GraphFunction } from '../function.ts';
import { GraphError, type Tensor } from '../node.ts';
import { zerosLike } from '../ops/index.ts';
import { differentiate, type Differentiated } from './differentiate.ts';
import type { GradientRule } from './rules.ts';

const differentiated = new WeakMap<GraphFunction, Map<string, Differentiated>>();

export const callGradient: GradientRule = (node, dOutputs, needs) => {
  const fn = calledFunction(node);
  if (!fn) throw new GraphError(`${node.name} calls no function`);
  const { backward } = memoised(fn, needs);
  const dys = node.outputs.map((output, i) => dOutputs[i] ?? zerosLike(output));
  const args = backward.inputs.map((source) =>
    pick(source.kind === 'dy' ? dys : node.inputs, source.index),
  );
  const results = call(backward.fn, args);
  return backward.results.map((at) => (at === null ? null : (results[at] ?? null)));
};

function memoised(fn: GraphFunction, needs: readonly boolean[]): Differentiated {
  const byNeeds = differentiated.get(fn) ?? new Map<string, Differentiated>();
  differentiated.set(fn, byNeeds);
  const key = needs.join();
  const found = byNeeds.get(key) ?? differentiate(fn, { wrt: needs, keep: () => false });
  byNeeds.set(key, found);
  return found;
}

function pick(tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (!tensor) throw new GraphError(`no tensor ${index}`);
  return tensor;
}
