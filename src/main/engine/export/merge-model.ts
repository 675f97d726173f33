/** Writes base + adapter as one model. */
import type { MergeDtype } from '../../../shared/contract/records.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { roundTo } from '../checkpoint/float-formats.ts';
import type { TensorSource } from '../checkpoint/safetensors-writer.ts';
import { Merger } from '../lora/merge.ts';
import { writeModelDirectory } from './model-directory.ts';

export type MergeResult = {
  bytes: number;
  mergedModules: number;
  /** ‖W_written − W_fp32‖ / ‖ΔW‖ (Frobenius, over all merged matrices together); 0 when ΔW is 0. */
  roundingLoss: number;
};

/**
 * Merges in float32 and writes as `dtype` into an empty folder. One matrix at a time is in memory.
 * @throws merge/not-finite, naming the matrix; output/not-representable
 */
export async function writeMergedModel(
  folder: string,
  checkpoint: Checkpoint,
  adapter: Adapter,
  dtype: MergeDtype,
  onProgress: (done: number, total: number) => void,
): Promise<MergeResult> {
  const merger = new Merger();
  let roundingSquared = 0;
  let deltaSquared = 0;
  const merged = (name: string): Float32Array => {
    const weight = checkpoint.read(name);
    const module = adapter.modules.get(name.replace(/\.weight$/, ''));
    if (!module) return weight;
    const result = merger.merge(weight, module);
    if (!result.every(Number.isFinite)) throw lorikeetError('merge/not-finite', { tensor: name });
    const written = roundTo(result, dtype);
    roundingSquared += squaredDistance(written, result);
    deltaSquared += squaredDistance(result, weight);
    return result;
  };
  const tensors = [...checkpoint.tensors].map(([name, { shape }]): TensorSource => ({
    name,
    shape,
    values: () => merged(name),
  }));
  try {
    const { config, tokenizer } = checkpoint;
    const bytes = await writeModelDirectory(folder, { config, tokenizer, dtype }, tensors, {
      onProgress,
    });
    return {
      bytes,
      mergedModules: adapter.modules.size,
      roundingLoss: deltaSquared === 0 ? 0 : Math.sqrt(roundingSquared / deltaSquared),
    };
  } finally {
    merger.dispose();
  }
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}
