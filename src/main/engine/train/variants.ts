/** Adapters that are trained together share the base, the program and its batches; here is what they have to agree on. */
import { isDeepStrictEqual } from 'node:util';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { programKeys, type ProgramSettings } from '../../../shared/settings/scopes.ts';

/** What all configurations have in common. Throws train/variants-differ, naming the settings that differ. */
export function sharedSettings(configs: readonly TrainingConfig[]): ProgramSettings {
  const [first, ...others] = configs.map((config) => ({ ...config.lora, ...config }));
  if (!first) throw new RangeError('nothing to train');
  const settings = programKeys.filter((key) =>
    others.some((other) => !isDeepStrictEqual(other[key], first[key])),
  );
  if (settings.length > 0) throw lorikeetError('train/variants-differ', { settings });
  return first;
}
