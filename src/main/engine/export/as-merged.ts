/** Base + adapter as a model whose weights are merged while they are read: what a merge would hold, without its files. */
import type { Adapter } from '../checkpoint/adapter.ts';
import { changedCheckpoint } from '../checkpoint/changed-checkpoint.ts';
import type { Checkpoint, StoredTensor } from '../checkpoint/checkpoint.ts';
import { wholeMatrix } from '../checkpoint/stored-rows.ts';
import { Merger } from '../lora/merge.ts';
import { widened } from '../numbers/float-formats.ts';
import { mergedArchitecture, whyNotWritten } from './merged-head.ts';

/**
 * Hands the model to `work`.
 * @param rounded the values of a tensor as they are read again after they were written
 * Errors: merge/not-finite and those of the checkpoint, where values are read.
 */
export async function withMerged<T>(
  base: Checkpoint,
  adapter: Adapter,
  rounded: (name: string, values: Float32Array) => Float32Array,
  work: (merged: Checkpoint) => Promise<T>,
): Promise<T> {
  const merger = new Merger('float32');
  const merged = (name: string): Float32Array => {
    const values = base.read(name);
    const module = adapter.modules.get(name.replace(/\.weight$/, ''));
    if (!module) return values;
    // The merger takes back what it has lent.
    return widened(
      merger.merge(wholeMatrix(name, values, module), module).bytes.slice(),
      'float32',
    );
  };
  try {
    return await work(
      changedCheckpoint(base, {
        architecture: mergedArchitecture(base, adapter),
        tensors: tensorsOf(base, adapter),
        read: (name) => rounded(name, adapter.saved.get(name)?.values ?? merged(name)),
      }),
    );
  } finally {
    merger.dispose();
  }
}

/** None of them is as its file has it. */
function tensorsOf(base: Checkpoint, adapter: Adapter): ReadonlyMap<string, StoredTensor> {
  const own = [...base.tensors].filter(([name]) => whyNotWritten(name, base, adapter) === null);
  const computed = { storedAs: 'F32', plain: null, packing: null };
  const shapes = [...own, ...adapter.saved].map(([name, { shape }]): [string, StoredTensor] => [
    name,
    { ...computed, shape, bytes: 4 * shape.reduce((product, size) => product * size, 1) },
  ]);
  return new Map(shapes);
}
