/** `npm run fuzz`: changed files by the thousand, read under watch. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seconds } from '../lib/say.ts';
import { readers } from './readers.ts';
import { Watch, type Finding } from './watch.ts';

export type Fuzzing = { count: number; seed: number; first: number; reader: string | undefined };

const usage = `npm run fuzz -- [--reader NAME] [--count N] [--seed S] [--first I]

Changes sound files by chance and reads them as the program does. Every one has to be read, or refused with an error of
ours, in 2 s of the processor and four times its size and 64 MiB of memory, without writing anywhere else.

  --reader NAME  one of ${readers.map(({ name }) => name).join(', ')}; all without it
  --count N      inputs in all, shared by the readers (50000)
  --seed S       of the changes (1)
  --first I      begins with input I, as when one is done again: --reader NAME --seed S --first I --count 1
`;

/** Resolves with the exit code: 0, 1 where something was found, 2 for a wrong call. */
export async function fuzz(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      reader: { type: 'string' },
      count: { type: 'string', default: '50000' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  const [count, seed, first] = [values.count, values.seed, values.first].map(Number);
  const known = values.reader === undefined || readers.some(({ name }) => name === values.reader);
  if (values.help || !known || !(Number(count) >= 1)) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const findings = await fuzzAll({
    count: Number(count),
    seed: Number(seed),
    first: Number(first),
    reader: values.reader,
  });
  return findings.length === 0 ? 0 : 1;
}

/** What was found, each told with the command that does it again. */
export async function fuzzAll(
  { count, seed, first, reader: only }: Fuzzing,
  say = console.log,
): Promise<Finding[]> {
  const chosen = readers.filter(({ name }) => only === undefined || name === only);
  const each = Math.ceil(count / chosen.length);
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-fuzz-'));
  const watch = new Watch(seed, folder);
  const all: Finding[] = [];
  try {
    for (const { name } of chosen) {
      const start = performance.now();
      const range = { reader: name, first, end: first + each };
      const { outcomes, findings } = await watch.read(range);
      all.push(...findings);
      const counted = [...outcomes]
        .sort(([, a], [, b]) => b - a)
        .map(([outcome, times]) => `${outcome} ${times}`);
      say(
        `${findings.length === 0 ? '✓' : '✗'} ${name}: ${each} inputs in ${seconds(performance.now() - start)}; ${counted.join(', ')}`,
      );
      for (const { index, what } of findings)
        say(
          `  ${what}\n  npm run fuzz -- --reader ${name} --seed ${seed} --first ${index} --count 1`,
        );
    }
  } finally {
    watch.end();
    rmSync(folder, { recursive: true, force: true });
  }
  say(
    all.length === 0
      ? 'Nothing was found.'
      : `${all.length} inputs were not read as they should be.`,
  );
  return all;
}
