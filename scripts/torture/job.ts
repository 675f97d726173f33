/** What is trained to be killed: a tiny model whose steps take milliseconds, in ways that leave different things behind. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainingFlagOf } from '../../src/cli/training-options.ts';
import type { LoraSettings, TrainingConfig } from '../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../src/shared/contract/training-defaults.ts';
import { project } from '../lib/project.ts';

type Varied = 'checkpointEvery' | 'keepCheckpoints' | 'learningRate' | 'gradientAccumulation';

export type Job = {
  name: string;
  /** Of a run that nothing interrupts. */
  steps: number;
  validateEvery: number;
  /** What else is other than usual. */
  settings: Partial<Pick<TrainingConfig, Varied>>;
  lora: Partial<Pick<LoraSettings, 'dropout' | 'useDora' | 'loraPlusRatio'>>;
  /** On which text it is measured what was forgotten, which takes longer than all else. */
  generalText: 'own' | 'off';
};

const steps = 24;

export const jobs: readonly Job[] = [
  {
    ...{ name: 'one-checkpoint', steps, validateEvery: 2 },
    // Nothing to fall back on but that one, and the best adapter is another than the last.
    settings: { checkpointEvery: 1, keepCheckpoints: 1, learningRate: 0.05 },
    lora: { dropout: 0.3 },
    generalText: 'off',
  },
  {
    ...{ name: 'accumulated', steps, validateEvery: 5 },
    settings: { checkpointEvery: 3, keepCheckpoints: 2, gradientAccumulation: 2 },
    lora: { dropout: 0.1 },
    generalText: 'own',
  },
  {
    ...{ name: 'dora', steps, validateEvery: 4 },
    settings: { checkpointEvery: 2, keepCheckpoints: 3 },
    lora: { useDora: true, loraPlusRatio: 4 },
    generalText: 'off',
  },
];

/** Writes what all jobs learn from into `folder`; gives its path. */
export function writeData(folder: string): string {
  const data = join(folder, 'lights.jsonl');
  const line = (n: number) => ({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` });
  const lines = Array.from({ length: 30 }, (_, n) => JSON.stringify(line(n)));
  writeFileSync(data, lines.join('\n'));
  return data;
}

const model = join(project, 'test/fixtures/models/tiny-tied');
const validationShare = 0.2;

function settingsOf({ validateEvery, settings }: Job) {
  return {
    batchSize: 2,
    sequenceLength: 64,
    precision: 'float32',
    validateEvery,
    ...settings,
  } as const;
}

/** What the window is given. */
export function configOf(job: Job, data: string): TrainingConfig {
  return {
    ...trainingDefaults,
    ...{ name: job.name, model, data },
    validation: { kind: 'split', fraction: validationShare },
    duration: { kind: 'steps', steps: job.steps },
    ...settingsOf(job),
    generalText: { kind: job.generalText },
    lora: { ...trainingDefaults.lora, ...job.lora },
  };
}

/** The same for the command line. */
export function trainArguments(job: Job, data: string, output: string): string[] {
  const flags = Object.entries({ ...settingsOf(job), ...job.lora }).flatMap(([key, value]) => [
    trainingFlagOf(key),
    ...(value === true ? [] : [String(value)]),
  ]);
  return [
    ...['train', '--model', model, '--data', data, '--output', output, '--name', job.name],
    ...['--max-steps', String(job.steps), '--validation-split', String(validationShare)],
    ...[...flags, '--general-text', job.generalText, '--json'],
  ];
}
