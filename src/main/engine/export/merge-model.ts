/** Writes base + adapter as one model. */
import type { MergeDtype } from '../../../shared/contract/records.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { isTransposed } from '../model/architecture.ts';
import { floatBytes } from '../numbers/float-formats.ts';
import { transposedBytes } from '../numbers/transpose.ts';
import { pieceBytes, type TensorSource } from '../checkpoint/safetensors-writer.ts';
import { storedRows } from '../checkpoint/stored-rows.ts';
import { Merger } from '../lora/merge.ts';
import { mergedArchitecture, whyNotWritten } from './merged-head.ts';
import { writeModelDirectory } from './model-directory.ts';

export type MergeResult = {
  bytes: number;
  mergedModules: number;
  /** ‖W_written − W_fp32‖ / ‖ΔW‖ (Frobenius, over all merged matrices together); 0 when ΔW is 0. */
  roundingLoss: number;
};

/**
 * Merges in float32 and writes as `dtype` into an empty folder, a few rows at a time. What has no adapter and is stored as
 * `dtype` already is copied.
 * @throws merge/not-finite, naming the matrix; output/not-representable
 */
export async function writeMergedModel(
  folder: string,
  checkpoint: Checkpoint,
  adapter: Adapter,
  dtype: MergeDtype,
  onProgress: (done: number, total: number) => void,
): Promise<MergeResult> {
  const merger = new Merger(dtype);
  const { tensors: all } = checkpoint;
  const base = new Map(
    [...all].filter(([name]) => whyNotWritten(name, checkpoint, adapter) === null),
  );
  const kept = {
    tensors: base,
    read: (name: string) => checkpoint.read(name),
    readPlain: (name: string, target: Uint8Array, begin: number) =>
      checkpoint.readPlain(name, target, begin),
  };
  const stored = storedRows(kept, pieceBytes / floatBytes[dtype]);
  let roundingSquared = 0;
  let deltaSquared = 0;
  /** Of the next tensor: they are written in the order in which they are read. */
  async function* pieces(): AsyncIterable<Uint8Array> {
    for (;;) {
      const { value: rows } = await stored.next();
      if (!rows) return;
      const module = adapter.modules.get(rows.name.replace(/\.weight$/, '')) ?? null;
      if (module === null && rows.type === dtype) {
        yield rows.bytes;
      } else {
        const merged = merger.merge(rows, module);
        deltaSquared += merged.deltaSquared;
        if (module) roundingSquared += merged.roundingSquared;
        yield merged.bytes;
      }
      if (rows.last) return;
    }
  }
  const { tokenizer } = checkpoint;
  const architecture = mergedArchitecture(checkpoint, adapter);
  const tensors = [...base].map(([name, { shape }]): TensorSource => {
    if (!isTransposed(architecture, name)) return { name, shape, pieces };
    const turned = () => turnedRound(pieces(), shape, floatBytes[dtype]);
    return { name, shape: shape.toReversed(), pieces: turned };
  });
  for (const [name, { shape, values }] of adapter.saved) {
    tensors.push({ name, shape, values: () => values });
  }
  try {
    const bytes = await writeModelDirectory(folder, { architecture, tokenizer, dtype }, tensors, {
      onProgress,
    });
    return {
      bytes,
      mergedModules: adapter.modules.size,
      roundingLoss: deltaSquared === 0 ? 0 : Math.sqrt(roundingSquared / deltaSquared),
    };
  } finally {
    await stored.return();
    merger.dispose();
  }
}

/** A matrix [rows, columns] that comes in pieces, as [columns, rows] in one. */
async function* turnedRound(
  pieces: AsyncIterable<Uint8Array>,
  [rows = 0, columns = 0]: readonly number[],
  width: number,
): AsyncIterable<Uint8Array> {
  const whole = new Uint8Array(rows * columns * width);
  let at = 0;
  for await (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  yield transposedBytes(whole, rows, columns, width);
}
