/** The weights that bitsandbytes has quantised, found among the tensors of a model's files. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { fourBitWeight } from './bitsandbytes-four-bit.ts';
import { int8Weight } from './bitsandbytes-int8.ts';
import { QuantisedParts, type QuantisedWeight } from './quantised-parts.ts';
import type { SafetensorsFile } from './safetensors-file.ts';

export type QuantisedWeights = {
  /** By the names of the files. */
  readonly weights: ReadonlyMap<string, QuantisedWeight>;
  /** Whether a tensor belongs to one of them. */
  belongs(name: string): boolean;
};

/** What a model has that is not quantised. */
export const noneQuantised: QuantisedWeights = { weights: new Map(), belongs: () => false };

/**
 * Which weights are quantised the tensors say themselves: modules that were skipped have plain ones.
 * @param path of the model
 * Errors: checkpoint/bad-quantisation, naming all tensors that are missing or of another form.
 */
export function bitsandbytesWeights(
  path: string,
  files: readonly SafetensorsFile[],
): QuantisedWeights {
  const parts = new QuantisedParts(files);
  const weights = new Map<string, QuantisedWeight>();
  for (const name of parts.names) {
    const [, four = '', type = ''] =
      /^(.+\.weight)\.quant_state\.bitsandbytes__(\w+)$/.exec(name) ?? [];
    const [, eight = ''] = /^(.+)\.SCB$/.exec(name) ?? [];
    const weight = four
      ? fourBitWeight(four, type, parts)
      : eight
        ? int8Weight(eight, parts)
        : null;
    if (weight) weights.set(four || `${eight}.weight`, weight);
  }
  const { problems, taken } = parts;
  if (problems.length > 0) throw lorikeetError('checkpoint/bad-quantisation', { path, problems });
  return { weights, belongs: (name) => taken.has(name) };
}
