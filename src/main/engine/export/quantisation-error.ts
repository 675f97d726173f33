/** How large the error of a quantised base is beside what an adapter changes, module by module. */
import type { MergedBase } from '../../../shared/contract/merge-report.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { wholeMatrix } from '../checkpoint/stored-rows.ts';
import { Merger } from '../lora/merge.ts';
import { squaredNorm } from '../lora/row-lengths.ts';

type Bases = {
  /** W_q: what the adapter was trained on. */
  trained: Pick<Checkpoint, 'read'>;
  /** W: what it was quantised from. */
  original: Pick<Checkpoint, 'read'>;
};

/**
 * ‖W − W_q‖ / ‖ΔW‖ (Frobenius), with DoRA's ΔW that on W_q, of the modules that are changed at all; null where none is.
 * Errors: merge/not-finite; those of the checkpoints.
 */
export async function quantisationError(
  { trained, original }: Bases,
  { modules }: Adapter,
  tell: (done: number, total: number) => Promise<void>,
): Promise<MergedBase['quantisationError']> {
  const merger = new Merger('float32');
  const found: { module: string; ratio: number }[] = [];
  let done = 0;
  try {
    for (const [path, module] of modules) {
      const name = `${path}.weight`;
      const weight = trained.read(name);
      const { deltaSquared } = merger.merge(wholeMatrix(name, weight, module), module);
      const error = original.read(name).map((value, i) => value - (weight[i] ?? NaN));
      const squared = squaredNorm(error, 0, error.length);
      if (deltaSquared > 0) found.push({ module: path, ratio: Math.sqrt(squared / deltaSquared) });
      await tell(++done, modules.size);
    }
  } finally {
    merger.dispose();
  }
  if (found.length === 0) return null;
  found.sort((one, other) => other.ratio - one.ratio);
  return { median: medianOf(found.map(({ ratio }) => ratio)), modules: found };
}

/** Of numbers in order. */
function medianOf(numbers: readonly number[]): number {
  const middle = (numbers.length - 1) / 2;
  return ((numbers[Math.floor(middle)] ?? NaN) + (numbers[Math.ceil(middle)] ?? NaN)) / 2;
}
