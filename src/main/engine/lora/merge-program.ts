/** The graph that merges some rows of a matrix in float32 and gives them as they are to be written. */
import type { FloatType } from '../numbers/float-formats.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program } from '../graph/program.ts';

/** What makes one graph differ from another. */
export type MergeKind = {
  stored: FloatType;
  written: FloatType;
  rows: number;
  columns: number;
  /** Null where the rows are only to be written in another type. */
  adapter: { rank: number; dora: boolean } | null;
};

export type MergeProgram = {
  program: Program;
  /** The rows as they are stored: float32 [rows, columns], or the bytes of 16-bit numbers, uint8 [rows, columns, 2]. */
  stored: Tensor;
  /** A [rank, columns], B [rows, rank], scaling [], magnitude [rows] */
  adapter: Record<'a' | 'b' | 'scaling' | 'magnitude', Tensor> | null;
  /** The exact result, float32 [rows, columns]. */
  merged: Tensor;
  /** The result in the type that is written: float32, or int32 that hold two 16-bit numbers each, the last one padded. */
  written: Tensor;
  /**
   * Scalars ‖x‖² / 2. `delta` is that of ΔW. `lost` is that of written − merged; for float32, where nothing is lost, that of
   * merged, so that it is not finite where a value of `merged` or `written` is not.
   */
  halfSquares: { delta: Tensor; lost: Tensor };
};

/** W + (scaling · B) · A; with DoRA each row is then brought to its magnitude. */
export function mergeProgram(kind: MergeKind): MergeProgram {
  const program = new Program();
  const { stored, weight } = storedWeight(program, kind);
  const { adapter, merged, delta } = kind.adapter
    ? adapted(program, weight, kind, kind.adapter)
    : { adapter: null, merged: o.identity(weight), delta: o.floats(program.scope, [0], []) };
  const base = { program, stored, adapter, merged };
  const halfDelta = o.halfSquaredNorm(delta);
  if (kind.written === 'float32') {
    const halfSquares = { delta: halfDelta, lost: o.halfSquaredNorm(merged) };
    return { ...base, written: merged, halfSquares };
  }
  const narrow = o.cast(merged, kind.written);
  const lost = o.sub(o.cast(narrow, 'float32'), merged);
  const halfSquares = { delta: halfDelta, lost: o.halfSquaredNorm(lost) };
  return { ...base, written: inPairs(narrow), halfSquares };
}

function adapted(
  program: Program,
  weight: Tensor,
  { rows, columns }: MergeKind,
  { rank, dora }: { rank: number; dora: boolean },
) {
  const adapter = {
    a: program.placeholder('a', 'float32', [rank, columns]),
    b: program.placeholder('b', 'float32', [rows, rank]),
    scaling: program.placeholder('scaling', 'float32', []),
    magnitude: program.placeholder('magnitude', 'float32', [rows]),
  };
  const update = o.matmul(o.mul(adapter.b, adapter.scaling), adapter.a);
  const updated = o.add(weight, update);
  if (!dora) return { adapter, merged: updated, delta: update };
  const merged = withLengths(updated, adapter.magnitude);
  return { adapter, merged, delta: o.sub(merged, weight) };
}

/** x [rows, columns] with each row brought to the length [rows] that it is given. */
function withLengths(x: Tensor, lengths: Tensor): Tensor {
  const present = o.sqrt(o.sum(o.mul(x, x), [-1]));
  return o.mul(x, o.reshape(o.div(lengths, present), [...lengths.shape, 1]));
}

function storedWeight(program: Program, { stored: type, rows, columns }: MergeKind) {
  if (type === 'float32') {
    const stored = program.placeholder('stored', type, [rows, columns]);
    return { stored, weight: stored };
  }
  const stored = program.placeholder('stored', 'uint8', [rows, columns, 2]);
  return { stored, weight: o.cast(o.bitcast(stored, type), 'float32') };
}

/** 16-bit numbers [rows, columns] as int32 [⌈rows · columns / 2⌉]: the binding fetches no 16-bit types. */
function inPairs(x: Tensor): Tensor {
  const count = x.shape.reduce((product, size) => product * size, 1);
  const flat = o.reshape(x, [count]);
  const even = count % 2 === 0 ? flat : o.pad(flat, [0], [1]);
  return o.bitcast(o.reshape(even, [Math.ceil(count / 2), 2]), 'int32');
}
