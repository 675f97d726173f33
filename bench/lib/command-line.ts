/** Runs `lorikeet` as a person would, in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { project } from '../../scripts/lib/project.ts';

const trained = z.looseObject({
  done: z.literal(true),
  steps: z.int(),
  peakMemoryBytes: z.int(),
});
const step = z.looseObject({ variant: z.int().default(1), step: z.int(), loss: z.number() });

export type TrainedAt = {
  /** From the start of the process to its end. */
  seconds: number;
  peakBytes: number;
  /** Of each variant, by step. */
  losses: number[][];
};

/** `lorikeet train` with these arguments. Throws what it says on stderr when it fails. */
export async function trainBy(args: readonly string[], home: string): Promise<TrainedAt> {
  const started = performance.now();
  const lines = await linesOf(['train', ...args, '--json'], home);
  const losses: number[][] = [];
  let peakBytes = 0;
  for (const line of lines) {
    const point = step.safeParse(line).data;
    if (point) (losses[point.variant - 1] ??= []).push(point.loss);
    peakBytes = Math.max(peakBytes, trained.safeParse(line).data?.peakMemoryBytes ?? 0);
  }
  return { seconds: (performance.now() - started) / 1000, peakBytes, losses };
}

function linesOf(args: readonly string[], home: string): Promise<unknown[]> {
  const entry = join(project, 'src/cli/index.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    env: { ...process.env, LORIKEET_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`lorikeet ${args.join(' ')} ended with ${code}: ${stderr}`));
      const lines = stdout.split('\n').filter((line) => line !== '');
      resolve(lines.map((line): unknown => JSON.parse(line)));
    });
  });
}
