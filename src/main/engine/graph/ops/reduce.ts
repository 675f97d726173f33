/** Operations over whole axes. */
import type { DType } from '../dtype.ts';
import type { Attribute, Tensor } from '../node.ts';
import type { Shape } from '../shape.ts';
import { ints } from './constant.ts';
import { mul } from './elementwise.ts';

type ReduceOptions = { keep?: boolean };

function reduce(
  op: string,
  x: Tensor,
  axes: readonly number[],
  { keep = false }: ReduceOptions,
): Tensor {
  const positive = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  const shape = keep
    ? x.shape.map((size, axis) => (positive.includes(axis) ? 1 : size))
    : x.shape.filter((_, axis) => !positive.includes(axis));
  return x.node.scope.addOne({
    op,
    inputs: [x, ints(x.node.scope, positive)],
    dtype: x.dtype,
    shape,
    attributes: {
      T: { kind: 'type', value: x.dtype },
      Tidx: { kind: 'type', value: 'int32' },
      keep_dims: { kind: 'bool', value: keep },
    },
  });
}

export const sum = (x: Tensor, axes: readonly number[], options: ReduceOptions = {}): Tensor =>
  reduce('Sum', x, axes, options);

export const max = (x: Tensor, axes: readonly number[], options: ReduceOptions = {}): Tensor =>
  reduce('Max', x, axes, options);

export function mean(x: Tensor, axes: readonly number[], options: ReduceOptions = {}): Tensor {
  const count = axes.reduce((product, axis) => product * (x.shape.at(axis) ?? 1), 1);
  return mul(sum(x, axes, options), 1 / count);
}

/** Σ x² / 2 over all elements, a scalar. */
export function halfSquaredNorm(x: Tensor): Tensor {
  return x.node.scope.addOne({
    op: 'L2Loss',
    inputs: [x],
    dtype: x.dtype,
    shape: [],
    attributes: { T: { kind: 'type', value: x.dtype } },
  });
}

/** For each element of the last axis the sum of those before it; 0 for the first. */
export function sumBefore(x: Tensor): Tensor {
  return x.node.scope.addOne({
    op: 'Cumsum',
    inputs: [x, ints(x.node.scope, [x.shape.length - 1], [])],
    dtype: x.dtype,
    shape: x.shape,
    attributes: {
      T: { kind: 'type', value: x.dtype },
      Tidx: { kind: 'type', value: 'int32' },
      exclusive: { kind: 'bool', value: true },
      reverse: { kind: 'bool', value: false },
    },
  });
}

/** Where the greatest element of the last axis lies, int32. */
export function argmax(x: Tensor): Tensor {
  const scope = x.node.scope;
  return scope.addOne({
    op: 'ArgMax',
    inputs: [x, ints(scope, [x.shape.length - 1], [])],
    dtype: 'int32',
    shape: x.shape.slice(0, -1),
    attributes: {
      T: { kind: 'type', value: x.dtype },
      Tidx: { kind: 'type', value: 'int32' },
      output_type: { kind: 'type', value: 'int32' },
    },
  });
}

/** Softmax over the last axis. */
export function softmax(x: Tensor): Tensor {
  return x.node.scope.addOne({
    op: 'Softmax',
    inputs: [x],
    dtype: x.dtype,
    shape: x.shape,
    attributes: { T: { kind: 'type', value: x.dtype } },
  });
}

/** A random number in [0, 1) for each element, the same for the same seed [2] (int32). */
export function statelessUniform(seed: Tensor, shape: Shape, dtype: DType = 'float32'): Tensor {
  const scope = seed.node.scope;
  const type = (value: DType): Attribute => ({ kind: 'type', value });
  return scope.addOne({
    op: 'StatelessRandomUniform',
    inputs: [ints(scope, shape), seed],
    dtype,
    shape,
    attributes: { dtype: type(dtype), T: type('int32'), Tseed: type('int32') },
  });
}
