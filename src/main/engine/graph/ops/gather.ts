/** Rows taken out of a table, and rows added up into one. */
import { GraphError, showTensor, type Tensor } from '../node.ts';
import { sizeAt } from '../shape.ts';
import { floats, ints } from './constant.ts';

/** table [V, ...], rows (int32) [...] → rows.shape + table.shape[1..]: the rows of the table with these numbers. */
export function gather(table: Tensor, rows: Tensor): Tensor {
  if (rows.dtype !== 'int32')
    throw new GraphError(`row numbers have to be int32: ${showTensor(rows)}`);
  const scope = table.node.scope;
  return scope.addOne({
    op: 'GatherV2',
    inputs: [table, rows, ints(scope, [0], [])],
    dtype: table.dtype,
    shape: [...rows.shape, ...table.shape.slice(1)],
    attributes: {
      batch_dims: { kind: 'int', value: 0 },
      Tparams: { kind: 'type', value: table.dtype },
      Tindices: { kind: 'type', value: 'int32' },
      Taxis: { kind: 'type', value: 'int32' },
    },
  });
}

/** x [R, ...], rows (int32) [R] → [count, ...]: row i of x is added to row rows[i] of the result, which starts at 0. */
export function scatterAdd(x: Tensor, rows: Tensor, count: number): Tensor {
  if (rows.shape.length !== 1 || rows.shape[0] !== sizeAt(x.shape, 0)) {
    throw new GraphError(`${showTensor(x)} cannot be scattered to ${showTensor(rows)}`);
  }
  const scope = x.node.scope;
  return scope.addOne({
    op: 'UnsortedSegmentSum',
    inputs: [x, rows, ints(scope, [count], [])],
    dtype: x.dtype,
    shape: [count, ...x.shape.slice(1)],
    attributes: {
      T: { kind: 'type', value: x.dtype },
      Tindices: { kind: 'type', value: 'int32' },
      Tnumsegments: { kind: 'type', value: 'int32' },
    },
  });
}

/** indices (int32) [...] → float32 [..., depth]: 1 at the index, 0 elsewhere. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  const scope = indices.node.scope;
  return scope.addOne({
    op: 'OneHot',
    inputs: [indices, ints(scope, [depth], []), floats(scope, [1], []), floats(scope, [0], [])],
    dtype: 'float32',
    shape: [...indices.shape, depth],
    attributes: {
      axis: { kind: 'int', value: -1 },
      T: { kind: 'type', value: 'float32' },
      TI: { kind: 'type', value: 'int32' },
    },
  });
}
