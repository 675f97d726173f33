/** Adapters that are trained together share the base, the program and its batches; here is what they have to agree on. */
import { isDeepStrictEqual } from 'node:util';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';

/** The settings of a run that are part of the program, and so the same for all adapters in it. */
function programSettings(config: TrainingConfig) {
  const { model, batchSize, gradientAccumulation, sequenceLength, precision } = config;
  const { keep, weightDecay, maxGradNorm, lora } = config;
  return {
    ...{ model, batchSize, gradientAccumulation, sequenceLength, precision },
    ...{ keep, weightDecay, maxGradNorm, dropout: lora.dropout },
  };
}

/** What all configurations have in common. Throws train/variants-differ, naming the settings that differ. */
export function sharedSettings(
  configs: readonly TrainingConfig[],
): ReturnType<typeof programSettings> {
  const [first, ...others] = configs.map(programSettings);
  if (!first) throw new RangeError('nothing to train');
  const settings = Object.entries(first)
    .filter(([name, value]) =>
      others.some((other) => !isDeepStrictEqual(new Map(Object.entries(other)).get(name), value)),
    )
    .map(([name]) => name);
  if (settings.length > 0) throw lorikeetError('train/variants-differ', { settings });
  return first;
}
