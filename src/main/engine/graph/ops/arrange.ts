/** Operations that move elements without changing them. */
import { dtypeBytes, type DType } from '../dtype.ts';
import { GraphError, present, showTensor, type Tensor } from '../node.ts';
import { elements, showShape, sizeAt, type Shape } from '../shape.ts';
import { ints } from './constant.ts';

export function reshape(x: Tensor, shape: Shape): Tensor {
  if (elements(shape) !== elements(x.shape)) {
    throw new GraphError(`${showTensor(x)} cannot become ${showShape(shape)}`);
  }
  return x.node.scope.addOne({
    op: 'Reshape',
    inputs: [x, ints(x.node.scope, shape)],
    dtype: x.dtype,
    shape,
    attributes: {
      T: { kind: 'type', value: x.dtype },
      Tshape: { kind: 'type', value: 'int32' },
    },
  });
}

/** Axis i of the result is axis order[i] of x. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  if ([...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new GraphError(`[${order.join(', ')}] does not order the axes of ${showTensor(x)}`);
  }
  return x.node.scope.addOne({
    op: 'Transpose',
    inputs: [x, ints(x.node.scope, order)],
    dtype: x.dtype,
    shape: order.map((axis) => x.shape[axis] ?? 0),
    attributes: {
      T: { kind: 'type', value: x.dtype },
      Tperm: { kind: 'type', value: 'int32' },
    },
  });
}

/** Tensors one after another along an axis. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (!first) throw new GraphError('nothing to concatenate');
  const at = axis < 0 ? axis + first.shape.length : axis;
  const fits = (part: Tensor) =>
    part.dtype === first.dtype &&
    part.shape.length === first.shape.length &&
    part.shape.every((size, i) => i === at || size === first.shape[i]);
  const odd = parts.find((part) => !fits(part));
  if (odd) throw new GraphError(`${showTensor(odd)} after ${showTensor(first)} along axis ${at}`);
  if (parts.length === 1) return first;
  const total = parts.reduce((size, part) => size + (part.shape[at] ?? 0), 0);
  const shape = first.shape.map((size, i) => (i === at ? total : size));
  // On the last axis XLA selects the part for every element, on an axis before it once for a whole row, which is faster.
  const width = sizeAt(first.shape, -1);
  const equallyWide = parts.every((part) => sizeAt(part.shape, -1) === width);
  const inRows = at === shape.length - 1 && width >= longRow && equallyWide;
  if (!inRows) return concatAt(parts, at, shape);
  const outer = shape.slice(0, at);
  const rows = parts.map((part) => reshape(part, [...outer, 1, width]));
  return reshape(concatAt(rows, at, [...outer, parts.length, width]), shape);
}

/** The row length from which the reshapes pay off. */
const longRow = 256;

function concatAt(parts: readonly Tensor[], at: number, shape: Shape): Tensor {
  const { node, dtype } = present(parts[0]);
  return node.scope.addOne({
    op: 'ConcatV2',
    inputs: [...parts, ints(node.scope, [at], [])],
    dtype,
    shape,
    attributes: {
      N: { kind: 'int', value: parts.length },
      T: { kind: 'type', value: dtype },
      Tidx: { kind: 'type', value: 'int32' },
    },
  });
}

/** x cut along an axis into pieces of the given sizes, which have to add up. */
export function split(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  const at = axis < 0 ? axis + x.shape.length : axis;
  if (sizes.reduce((a, b) => a + b, 0) !== x.shape[at]) {
    throw new GraphError(`${showTensor(x)} cannot be cut into [${sizes.join(', ')}]`);
  }
  if (sizes.length === 1) return [x];
  const scope = x.node.scope;
  return scope.add({
    op: 'SplitV',
    inputs: [x, ints(scope, sizes), ints(scope, [at], [])],
    attributes: {
      num_split: { kind: 'int', value: sizes.length },
      T: { kind: 'type', value: x.dtype },
      Tlen: { kind: 'type', value: 'int32' },
    },
    outputs: sizes.map((size) => ({
      dtype: x.dtype,
      shape: x.shape.map((old, i) => (i === at ? size : old)),
    })),
  }).outputs;
}

/** The part of x that starts at `begin` and has the given shape. */
export function slice(x: Tensor, begin: readonly number[], shape: Shape): Tensor {
  const inside = (size: number, i: number) => (begin[i] ?? 0) + size <= (x.shape[i] ?? 0);
  if (begin.length !== x.shape.length || !shape.every(inside)) {
    throw new GraphError(
      `no part ${showShape(shape)} at [${begin.join(', ')}] of ${showTensor(x)}`,
    );
  }
  const scope = x.node.scope;
  return scope.addOne({
    op: 'Slice',
    inputs: [x, ints(scope, begin), ints(scope, shape)],
    dtype: x.dtype,
    shape,
    attributes: { T: { kind: 'type', value: x.dtype }, Index: { kind: 'type', value: 'int32' } },
  });
}

/** x with zeros around it: `before` and `after` give the number of zeros on each axis. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  const scope = x.node.scope;
  const amounts = x.shape.flatMap((_, i) => [before[i] ?? 0, after[i] ?? 0]);
  return scope.addOne({
    op: 'Pad',
    inputs: [x, ints(scope, amounts, [x.shape.length, 2])],
    dtype: x.dtype,
    shape: x.shape.map((size, i) => size + (before[i] ?? 0) + (after[i] ?? 0)),
    attributes: {
      T: { kind: 'type', value: x.dtype },
      Tpaddings: { kind: 'type', value: 'int32' },
    },
  });
}

/** x repeated to a larger shape by NumPy's broadcasting rule. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const scope = x.node.scope;
  return scope.addOne({
    op: 'BroadcastTo',
    inputs: [x, ints(scope, shape)],
    dtype: x.dtype,
    shape,
    attributes: { T: { kind: 'type', value: x.dtype }, Tidx: { kind: 'type', value: 'int32' } },
  });
}

/** The same bytes read as another element type; a last axis joins or splits elements of different size. */
export function bitcast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const from = dtypeBytes[x.dtype];
  const to = dtypeBytes[dtype];
  const shape = from === to ? x.shape : from < to ? x.shape.slice(0, -1) : [...x.shape, from / to];
  if (from < to && x.shape.at(-1) !== to / from) {
    throw new GraphError(`${showTensor(x)} cannot be read as ${dtype}`);
  }
  return x.node.scope.addOne({
    op: 'Bitcast',
    inputs: [x],
    dtype,
    shape,
    attributes: { T: { kind: 'type', value: x.dtype }, type: { kind: 'type', value: dtype } },
  });
}
