/** Element-wise work between matrix products, compiled by XLA into one pass over memory. */
import { call, defineFunction } from './function.ts';
import type { Tensor } from './node.ts';

/**
 * Where XLA compiles. 'islands' (CPU): the element-wise work between matrix products, which stay nodes of the graph,
 * because XLA's CPU products are slower. 'layers' (GPU): whole layers. 'none': nothing, for comparison.
 */
export type Fusion = 'islands' | 'layers' | 'none';

/** Writes `body` as a function of its own under 'islands', and in place otherwise. */
export function island(
  fusion: Fusion,
  name: string,
  inputs: readonly Tensor[],
  body: (inputs: readonly Tensor[]) => readonly Tensor[],
): readonly Tensor[] {
  if (fusion !== 'islands') return body(inputs);
  return call(defineFunction(name, inputs, body, { compiled: true }), inputs);
}
