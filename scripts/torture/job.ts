/** What is trained to be killed: a tiny model whose steps take milliseconds, in ways that leave different things behind. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';

export type Job = {
  name: string;
  /** Of a run that nothing interrupts. */
  steps: number;
  validateEvery: number;
  flags: readonly string[];
};

const steps = 24;

function job(name: string, validateEvery: number, ...own: string[]): Job {
  const schedule = ['--max-steps', String(steps), '--validate-every', String(validateEvery)];
  return { name, steps, validateEvery, flags: [...schedule, ...own] };
}

export const jobs: readonly Job[] = [
  // Nothing to fall back on but the one checkpoint, and the best adapter is another than the last.
  job('one-checkpoint', 2, ...keeping(1, 1), '--learning-rate', '5e-2', '--dropout', '0.3'),
  job('accumulated', 5, ...keeping(3, 2), '--gradient-accumulation', '2', '--dropout', '0.1'),
  job('dora', 4, ...keeping(2, 3), '--dora', '--lora-plus-ratio', '4'),
];

function keeping(every: number, kept: number): string[] {
  return ['--checkpoint-every', String(every), '--keep-checkpoints', String(kept)];
}

/** Writes what all jobs learn from into `folder`; gives its path. */
export function writeData(folder: string): string {
  const data = join(folder, 'lights.jsonl');
  const line = (n: number) => ({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` });
  const lines = Array.from({ length: 30 }, (_, n) => JSON.stringify(line(n)));
  writeFileSync(data, lines.join('\n'));
  return data;
}

/** The arguments of `lorikeet train` for a job. */
export function trainArguments({ name, flags }: Job, data: string, output: string): string[] {
  const model = join(project, 'test/fixtures/models/tiny-tied');
  const size = ['--batch-size', '2', '--sequence-length', '64', '--precision', 'float32'];
  return [
    ...['train', '--model', model, '--data', data, '--output', output, '--name', name],
    ...[...size, '--validation-split', '0.2', ...flags, '--json'],
  ];
}
