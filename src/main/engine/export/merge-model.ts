/** Writes base + adapter as one model of Hugging Face. */
import type { MergeDtype } from '../../../shared/contract/merge-report.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { isTransposed } from '../model/architecture.ts';
import { floatBytes } from '../numbers/float-formats.ts';
import { transposedBytes } from '../numbers/transpose.ts';
import type { TensorSource } from '../checkpoint/safetensors-writer.ts';
import { mergedArchitecture, whyNotWritten } from './merged-head.ts';
import { MergedTensors } from './merged-tensors.ts';
import { writeModelDirectory } from './model-directory.ts';
import { gathered } from './gathered.ts';

export type MergeResult = {
  bytes: number;
  mergedModules: number;
  /** See `MergedTensors.roundingLoss`. */
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
  const base = [...checkpoint.tensors].filter(
    ([name]) => whyNotWritten(name, checkpoint, adapter) === null,
  );
  const wanted = base.map(([name]) => ({ name, type: dtype }));
  const merged = new MergedTensors(checkpoint, adapter, wanted);
  const { tokenizer } = checkpoint;
  const architecture = mergedArchitecture(checkpoint, adapter);
  const tensors = base.map(([name, { shape }]): TensorSource => {
    const pieces = () => merged.pieces();
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
    return { bytes, mergedModules: adapter.modules.size, roundingLoss: merged.roundingLoss };
  } finally {
    await merged.close();
  }
}

/** A matrix [rows, columns] that comes in pieces, as [columns, rows] in one. */
async function* turnedRound(
  pieces: AsyncIterable<Uint8Array>,
  [rows = 0, columns = 0]: readonly number[],
  width: number,
): AsyncIterable<Uint8Array> {
  yield transposedBytes(await gathered(pieces, rows * columns * width), rows, columns, width);
}
