/** Order among numbers. */
import type { Tensor } from '../node.ts';
import { ints } from './constant.ts';
import { neg } from './elementwise.ts';
import { sizeAt } from '../shape.ts';

/** Where the k greatest of the last axis lie, the greatest first, int32: x [..., n] → [..., k]. Of equal ones the first. */
export function topK(x: Tensor, k: number): Tensor {
  return greatest(x, k).places;
}

/** The last axis from the greatest to the least: x [..., n] → [..., n]. */
export function descending(x: Tensor): Tensor {
  return greatest(x, sizeAt(x.shape, x.shape.length - 1)).values;
}

function greatest(x: Tensor, k: number): { values: Tensor; places: Tensor } {
  const shape = [...x.shape.slice(0, -1), k];
  const { outputs } = x.node.scope.add({
    op: 'TopKV2',
    inputs: [x, ints(x.node.scope, [k], [])],
    attributes: { T: { kind: 'type', value: x.dtype }, sorted: { kind: 'bool', value: true } },
    outputs: [
      { dtype: x.dtype, shape },
      { dtype: 'int32', shape },
    ],
  });
  const [values, places] = outputs;
  if (!values || !places) throw new RangeError('TopKV2 has two results');
  return { values, places };
}

/** The places of the elements of x [n] from the least to the greatest, int32 [n]; equal ones in the order in which they stand. */
export function argsort(x: Tensor): Tensor {
  return topK(neg(x), sizeAt(x.shape, 0));
}

/** The k-th greatest number of x [n], a scalar; k counts from 1. */
export function kthGreatest(x: Tensor, k: number): Tensor {
  return x.node.scope.addOne({
    op: 'NthElement',
    inputs: [x, ints(x.node.scope, [k - 1], [])],
    dtype: x.dtype,
    shape: [],
    attributes: { T: { kind: 'type', value: x.dtype }, reverse: { kind: 'bool', value: true } },
  });
}
