/** Runs `lorikeet` as a person would, in a process of its own. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { programFiles } from '../../scripts/lib/program-files.ts';
import type { MemoryLimit } from './memory-limit.ts';

const trained = z.looseObject({
  done: z.literal(true),
  steps: z.int(),
  peakMemoryBytes: z.int(),
});
const step = z.looseObject({
  variant: z.int().default(1),
  step: z.int(),
  loss: z.number(),
  elapsedSeconds: z.number(),
});

export type TrainedAt = {
  /** From the start of the process to its end. */
  seconds: number;
  /** From the start of the process to the beginning of the first step: reading, quantising, building the graph. */
  loadSeconds: number;
  /** Of the first variant. The first step takes longer than the others. */
  stepSeconds: number[];
  peakBytes: number;
  /** Of each variant, by step. */
  losses: number[][];
};

/** `lorikeet train` with these arguments, inside of `limit` if there is one. Throws what it says on stderr when it fails. */
export async function trainBy(
  args: readonly string[],
  home: string,
  limit: MemoryLimit | null = null,
): Promise<TrainedAt> {
  const started = performance.now();
  const lines = await linesOf(['train', ...args, '--json'], home, limit);
  const seconds = (performance.now() - started) / 1000;
  const points = lines.flatMap(({ value, at }) => {
    const point = step.safeParse(value).data;
    return point ? [{ ...point, at: (at - started) / 1000 }] : [];
  });
  const losses: number[][] = [];
  for (const { variant, loss } of points) (losses[variant - 1] ??= []).push(loss);
  const own = points.filter(({ variant }) => variant === 1);
  const [first] = own;
  const elapsed = own.map(({ elapsedSeconds }) => elapsedSeconds);
  const peaks = lines.map(({ value }) => trained.safeParse(value).data?.peakMemoryBytes ?? 0);
  return {
    seconds,
    loadSeconds: first ? first.at - first.elapsedSeconds : NaN,
    stepSeconds: elapsed.map((end, i) => end - (elapsed[i - 1] ?? 0)),
    peakBytes: Math.max(...peaks),
    losses,
  };
}

/** A line that the program wrote, and when it came, in performance.now()'s milliseconds. */
type Line = { value: unknown; at: number };

function linesOf(
  args: readonly string[],
  home: string,
  limit: MemoryLimit | null,
): Promise<Line[]> {
  const { commandLine } = programFiles();
  const whole = ['--disable-warning=ExperimentalWarning', commandLine, ...args];
  const [program, given] = limit?.inside(process.execPath, whole) ?? [process.execPath, whole];
  const child = spawn(program, given, {
    env: { ...process.env, LORIKEET_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Line[] = [];
  let stderr = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line !== '') lines.push({ value: JSON.parse(line), at: performance.now() });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(lines);
      else
        reject(
          new Error(`lorikeet ${args.join(' ')} ended with ${signal ?? String(code)}: ${stderr}`),
        );
    });
  });
}
