/** Order among numbers. */
import type { Tensor } from '../node.ts';
import { ints } from './constant.ts';
import { neg } from './elementwise.ts';
import { sizeAt } from '../shape.ts';

/** Where the k greatest of the last axis lie, the greatest first, int32: x [..., n] → [..., k]. Of equal ones the first. */
export function topK(x: Tensor, k: number): Tensor {
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
  const [, places] = outputs;
  if (!places) throw new RangeError('TopKV2 has two results');
  return places;
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
