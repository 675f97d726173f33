/** Constants. Small ones only: weights are variables. */
import type { ConstantValue, Tensor } from '../node.ts';
import type { Scope } from '../scope.ts';
import { cast } from './cast.ts';

/** Writes constants of one element type; without a shape they are vectors. */
function constantsOf(dtype: ConstantValue['dtype']) {
  return (scope: Scope, values: readonly number[], shape = [values.length]): Tensor =>
    scope.addOne({
      op: 'Const',
      dtype,
      shape,
      attributes: {
        dtype: { kind: 'type', value: dtype },
        value: { kind: 'tensor', value: { dtype, shape, values } },
      },
    });
}

export const floats = constantsOf('float32');
export const ints = constantsOf('int32');

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
