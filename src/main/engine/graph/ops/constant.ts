/** Constants. Small ones only: weights are variables. */
import type { Tensor } from '../node.ts';
import type { Scope } from '../scope.ts';
import { cast } from './cast.ts';

export function floats(scope: Scope, values: readonly number[], shape = [values.length]): Tensor {
  return scope.addOne({
    op: 'Const',
    dtype: 'float32',
    shape,
    attributes: {
      dtype: { kind: 'type', value: 'float32' },
      value: { kind: 'tensor', value: { dtype: 'float32', shape, values } },
    },
  });
}

export function ints(scope: Scope, values: readonly number[], shape = [values.length]): Tensor {
  return scope.addOne({
    op: 'Const',
    dtype: 'int32',
    shape,
    attributes: {
      dtype: { kind: 'type', value: 'int32' },
      value: { kind: 'tensor', value: { dtype: 'int32', shape, values } },
    },
  });
}

/** A scalar of the same element type as `like`. */
export function scalarLike(like: Tensor, value: number): Tensor {
  const scope = like.node.scope;
  if (like.dtype === 'int32') return ints(scope, [value], []);
  const constant = floats(scope, [value], []);
  return like.dtype === 'float32' ? constant : cast(constant, like.dtype);
}

/** A tensor of zeros. */
export function zerosLike(like: Tensor): Tensor {
  return like.node.scope.addOne({
    op: 'ZerosLike',
    inputs: [like],
    dtype: like.dtype,
    shape: like.shape,
    attributes: { T: { kind: 'type', value: like.dtype } },
  });
}
