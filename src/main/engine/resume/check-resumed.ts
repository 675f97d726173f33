/** Whether a run may go on from a checkpoint: from there on it has to be what it would have been. */
import { isDeepStrictEqual } from 'node:util';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { keysOf } from '../../../shared/settings/setting.ts';
import type { LearntTokens } from './learnt-tokens.ts';
import type { TrainingCheckpoint } from './training-checkpoint.ts';

/** From these neither a loss nor a number of the adapter follows, but for rounding. */
const free: readonly string[] = [
  ...['name', 'runAnyway', 'checkpointEvery', 'checkpointMinutes', 'keepCheckpoints'],
  // A run that went leaner: the same update in smaller parts.
  ...['keep', 'batchSize', 'gradientAccumulation'],
];

type OfConfigs = Pick<TrainingCheckpoint, 'configs'>;

/**
 * Which runs of a checkpoint these are: all of them, or those that are left where the others were removed; null where they are
 * others. Of runs with equal settings each may stand for the other.
 */
export function runsIn(
  about: OfConfigs & Pick<TrainingCheckpoint, 'sizes'>,
  configs: readonly TrainingConfig[],
): number[] | null {
  if (differing(configs, about).length === 0) return [...configs.keys()];
  if (about.sizes === undefined || configs.length >= about.configs.length) return null;
  const found: number[] = [];
  for (const config of configs) {
    const index = about.configs.findIndex(
      (before, i) => !found.includes(i) && differing([config], { configs: [before] }).length === 0,
    );
    if (index < 0) return null;
    found.push(index);
  }
  return found;
}

/** The settings in which the configurations are others than those of a checkpoint. */
function differing(configs: readonly TrainingConfig[], about: OfConfigs): string[] {
  const settings = new Set<string>();
  if (configs.length !== about.configs.length) settings.add('variants');
  for (const [i, config] of configs.entries()) {
    const before = about.configs[i];
    if (!before) continue;
    for (const key of keysOf(config))
      if (!free.includes(key) && !isDeepStrictEqual(config[key], before[key])) settings.add(key);
  }
  return [...settings];
}

/**
 * The configurations with what `auto` came to, so that a run goes on as it began.
 * Errors: resume/settings-differ, naming them.
 */
export function resumedConfigs(
  path: string,
  configs: readonly TrainingConfig[],
  about: TrainingCheckpoint,
): TrainingConfig[] {
  const settings = differing(configs, about);
  if (settings.length > 0) throw lorikeetError('resume/settings-differ', { path, settings });
  const { base, precision } = about;
  return configs.map((config) => ({
    ...config,
    ...{ base: base.form, doubleQuant: base.doubleQuant, precision },
  }));
}

/** Errors: resume/file-changed. */
export function checkSameFiles(
  path: string,
  found: TrainingCheckpoint['files'],
  { files }: Pick<TrainingCheckpoint, 'files'>,
): void {
  if (found.base.sha256 !== files.base.sha256)
    throw lorikeetError('resume/file-changed', { path, part: 'model', file: found.base.path });
  for (const [i, before] of files.data.flat().entries()) {
    const now = found.data.flat()[i];
    if (now?.sha256 === before.sha256) continue;
    const part = before.role === 'training' ? 'data file' : 'validation file';
    throw lorikeetError('resume/file-changed', { path, part, file: before.path });
  }
  for (const [i, before] of files.starts.entries()) {
    if (before === null || found.starts[i]?.sha256 === before.sha256) continue;
    const part = 'adapter that the run started from';
    throw lorikeetError('resume/file-changed', { path, part, file: before.path });
  }
}

/**
 * To be called for the same files of model and data: what else has a say in tokens lies beside the weights.
 * @param before undefined where an older Lorikeet wrote the checkpoint
 * Errors: resume/tokens-changed.
 */
export function checkSameTokens(
  path: string,
  model: string,
  found: readonly LearntTokens[],
  before: readonly LearntTokens[] | undefined,
): void {
  if (before !== undefined && !isDeepStrictEqual(found, before))
    throw lorikeetError('resume/tokens-changed', { path, model });
}
