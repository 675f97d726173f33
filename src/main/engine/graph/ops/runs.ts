/**
 * Rows cut into runs whose lengths are known only when the graph runs, and put together again. Shapes are static everywhere
 * else, so a run must not leave the function that cuts it; its shape says the mean length, which adds up to all rows where
 * memory is counted.
 */
import { GraphError, showTensor, type Tensor } from '../node.ts';
import { sizeAt, type Shape } from '../shape.ts';
import { ints } from './constant.ts';

/** x [P, …] as one run after another; lengths int32 [E], which add up to P. */
export function splitRuns(x: Tensor, lengths: Tensor): readonly Tensor[] {
  const count = sizeAt(lengths.shape, 0);
  const scope = x.node.scope;
  const shape: Shape = [sizeAt(x.shape, 0) / count, ...x.shape.slice(1)];
  return scope.add({
    op: 'SplitV',
    name: 'runs',
    inputs: [x, lengths, ints(scope, [0], [])],
    attributes: {
      num_split: { kind: 'int', value: count },
      T: { kind: 'type', value: x.dtype },
      Tlen: { kind: 'type', value: 'int32' },
    },
    outputs: Array.from({ length: count }, () => ({ dtype: x.dtype, shape })),
  }).outputs;
}

/** Runs of together `rows` rows, one below the other: [rows, …]. */
export function joinRuns(runs: readonly Tensor[], rows: number): Tensor {
  const [first] = runs;
  if (!first) throw new GraphError('no runs to join');
  const odd = runs.find(({ dtype, shape: [, ...rest] }) => {
    return dtype !== first.dtype || rest.join() !== first.shape.slice(1).join();
  });
  if (odd) throw new GraphError(`${showTensor(odd)} below ${showTensor(first)}`);
  const { scope } = first.node;
  return scope.addOne({
    op: 'ConcatV2',
    name: 'joined_runs',
    inputs: [...runs, ints(scope, [0], [])],
    dtype: first.dtype,
    shape: [rows, ...first.shape.slice(1)],
    attributes: {
      N: { kind: 'int', value: runs.length },
      T: { kind: 'type', value: first.dtype },
      Tidx: { kind: 'type', value: 'int32' },
    },
  });
}
