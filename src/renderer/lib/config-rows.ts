/** A run's configuration as rows of label and value, for the Run and Compare screens. */
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { sayTargets } from '../../shared/say-targets.ts';
import { formatCount, formatPercent, formatSmall } from './format.ts';
import {
  initNames,
  keepNames,
  precisionNames,
  schedulerNames,
  settingTerms,
  type SettingKey,
} from './glossary.ts';
import { baseName } from './paths.ts';

export type ConfigRow = { key: SettingKey; label: string; value: string };

/** Every setting of a run in the order of the form. */
export function configRows(config: TrainingConfig): ConfigRow[] {
  const values: [SettingKey, string][] = [
    ['model', baseName(config.model)],
    ['data', baseName(config.data)],
    ['validation', sayValidation(config.validation)],
    ['rank', formatCount(config.lora.rank)],
    ['alpha', formatSmall(config.lora.alpha)],
    ['dropout', formatSmall(config.lora.dropout)],
    ['init', initNames[config.lora.init]],
    ['useRslora', config.lora.useRslora ? 'on' : 'off'],
    ['useDora', config.lora.useDora ? 'on' : 'off'],
    ['loraPlusRatio', formatSmall(config.lora.loraPlusRatio)],
    ...patternRow('rankPattern', config.lora.rankPattern),
    ...patternRow('alphaPattern', config.lora.alphaPattern),
    ['targets', sayTargets(config.lora.targets)],
    config.duration.kind === 'epochs'
      ? ['epochs', formatSmall(config.duration.epochs)]
      : ['steps', formatCount(config.duration.steps)],
    ['batchSize', formatCount(config.batchSize)],
    ['gradientAccumulation', formatCount(config.gradientAccumulation)],
    ['sequenceLength', `${formatCount(config.sequenceLength)} tokens`],
    ['learningRate', formatSmall(config.learningRate)],
    ['scheduler', schedulerNames[config.scheduler]],
    ['warmupSteps', formatCount(config.warmupSteps)],
    ['weightDecay', formatSmall(config.weightDecay)],
    ['maxGradNorm', config.maxGradNorm === 0 ? 'off' : formatSmall(config.maxGradNorm)],
    ['precision', precisionNames[config.precision]],
    ['keep', keepNames[config.keep]],
    ['seed', String(config.seed)],
  ];
  return values.map(([key, value]) => ({ key, label: settingTerms[key].label, value }));
}

/** Most runs have no values for single modules, and then no row. */
function patternRow(key: SettingKey, pattern: Record<string, number>): [SettingKey, string][] {
  const entries = Object.entries(pattern).map(([module, value]) => `${module}: ${value}`);
  return entries.length === 0 ? [] : [[key, entries.join(', ')]];
}

function sayValidation(validation: TrainingConfig['validation']): string {
  if (validation.kind === 'none') return 'none';
  if (validation.kind === 'file') return baseName(validation.path);
  return `${formatPercent(validation.fraction)} of the data`;
}
