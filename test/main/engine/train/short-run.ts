/** A run of five steps on the tiny model, over a few pairs that are written into a folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  LoraSettings,
  TrainingConfig,
} from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { fixturePath } from '../parity/fixtures.ts';

export const model = fixturePath('models/tiny-tied');

export type Changes = Partial<Omit<TrainingConfig, 'lora'>> & { lora?: Partial<LoraSettings> };

export function shortRun(folder: string, { lora, ...changes }: Changes = {}): TrainingConfig {
  const data = join(folder, 'data.jsonl');
  const line = (n: number) =>
    JSON.stringify({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` });
  writeFileSync(data, Array.from({ length: 24 }, (_, n) => line(n)).join('\n'));
  return {
    ...trainingDefaults,
    ...{ name: '', model, data, date: '2026-11-26', validation: { kind: 'none' } },
    ...{ batchSize: 2, sequenceLength: 64, warmupSteps: 0, precision: 'float32' },
    ...{ duration: { kind: 'steps', steps: 5 }, learningRate: 1e-2 },
    ...changes,
    lora: { ...trainingDefaults.lora, rank: 4, ...lora },
  };
}
