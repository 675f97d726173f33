/** Rows of a base matrix as they are in the model that answers as base and adapter do, merged in float32 on the device. */
import type { AdapterModule } from '../checkpoint/adapter.ts';
import { floatBytes, widened, type FloatType } from '../numbers/float-formats.ts';
import type { StoredRows } from '../checkpoint/stored-rows.ts';
import { Prepared } from '../graph/prepared.ts';
import type { Feed } from '../graph/session.ts';
import { release, type TensorData } from '../runtime/tensor-data.ts';
import { examineNotFinite } from './not-finite-rows.ts';
import { mergeProgram, type MergeProgram } from './merge-program.ts';

export type MergedRows = {
  /** The rows in the type that is written. */
  bytes: Uint8Array;
  /** ‖merged − W‖² and ‖written − merged‖² */
  deltaSquared: number;
  roundingSquared: number;
};

/** Merges rows of matrices; one small program serves all rows of one kind. Has to be disposed of. */
export class Merger {
  private readonly written: FloatType;
  private readonly prepared = new Prepared(mergeProgram);

  /** What the last two calls have given: the older of them may still be in use. */
  private readonly lent: TensorData[] = [];

  constructor(written: FloatType) {
    this.written = written;
  }

  /**
   * W + scaling · B · A, with DoRA's lengths, in the type that is written. Without a module only the type changes.
   * Errors: merge/not-finite and output/not-representable, naming the matrix; engine/failed.
   */
  merge(rows: StoredRows, module: AdapterModule | null): MergedRows {
    if (this.lent.length > 1) this.lent.splice(0, 1).forEach(release);
    const { session, ...program } = this.programFor(rows, module);
    const { delta, lost } = program.halfSquares;
    const feeds = feedsOf(program, rows, module);
    const [written, halfDelta, halfLost] = session.run(feeds, [program.written, delta, lost]);
    const size = rows.rows * rows.columns * floatBytes[this.written];
    if (!written) throw new TypeError('expected weights');
    this.lent.push(written);
    const bytes = bytesOf(written).subarray(0, size);
    const deltaSquared = 2 * (halfDelta?.[0] ?? NaN);
    const roundingSquared = (this.written === 'float32' ? 0 : 2) * (halfLost?.[0] ?? NaN);
    if (Number.isFinite(deltaSquared + roundingSquared)) {
      return { bytes, deltaSquared, roundingSquared };
    }
    const [merged] = session.run(feeds, [program.merged]);
    if (!(merged instanceof Float32Array)) throw new TypeError('expected float32 weights');
    const base = module && widened(rows.bytes, rows.type);
    return { bytes, ...examineNotFinite(rows.name, base, merged, this.written) };
  }

  dispose(): void {
    this.prepared.dispose();
  }

  private programFor({ type, rows, columns }: StoredRows, module: AdapterModule | null) {
    const adapter = module && { rank: module.rank, dora: module.magnitude !== null };
    return this.prepared.of({ stored: type, written: this.written, rows, columns, adapter });
  }
}

function feedsOf(
  program: Pick<MergeProgram, 'stored' | 'adapter'>,
  { type, bytes, first, rows }: StoredRows,
  module: AdapterModule | null,
): Feed[] {
  const stored = type === 'float32' ? widened(bytes, type) : bytes;
  const feeds: Feed[] = [[program.stored, stored]];
  const { adapter } = program;
  if (module === null || adapter === null) return feeds;
  const { rank, magnitude } = module;
  feeds.push(
    [adapter.a, module.a],
    [adapter.b, module.b.subarray(first * rank, (first + rows) * rank)],
    [adapter.scaling, Float32Array.of(module.scaling)],
  );
  if (magnitude) feeds.push([adapter.magnitude, magnitude.subarray(first, first + rows)]);
  return feeds;
}

function bytesOf(values: TensorData): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
