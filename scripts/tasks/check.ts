/** `npm run check` and `npm test`: everything that has to be right, or the part that an option names, with one summary at the end. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { results, type Check } from '../checks/check.ts';
import { programsOfRun } from '../checks/compiled-programs.ts';
import { lanes } from '../checks/lanes.ts';
import { interrupted, RunError } from '../lib/run.ts';
import { say, seconds } from '../lib/say.ts';
import { readFailures, readTotals, totalsLine } from '../lib/test-reports.ts';
import { setUp } from '../setup/index.ts';

export async function task(args: string[]): Promise<number> {
  const lane = lanes[args.join(' ')];
  if (!lane) {
    const options = Object.keys(lanes).filter((name) => name !== '');
    say(
      `Unknown: ${args.join(' ')}. Give no option for everything, or one of ${options.join(', ')}.`,
    );
    return 2;
  }
  rmSync(results, { recursive: true, force: true });
  await setUp(lane.need);
  mkdirSync(results);
  // All rows share what is compiled.
  programsOfRun();
  const outcomes = (await Promise.all((await lane.checks()).map(runRow))).flat();
  if (outcomes.some(({ code }) => code === interrupted)) return interrupted;
  const totals = totalsLine(readTotals(results));
  writeFileSync(join(results, 'totals.txt'), `${totals}\n`);
  for (const failure of readFailures(results)) say(`\nfailed: ${failure}`);
  say(`\n${outcomes.map(({ line }) => line).join('\n')}\n${totals}`);
  return outcomes.every(({ code }) => code === 0) ? 0 : 1;
}

type Outcome = { code: number; line: string };

/** All checks run, also after one has failed: one round shows everything. Only Ctrl-C ends it. */
async function runRow(checks: readonly Check[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, run } of checks) {
    say(`\n── ${name}`);
    const started = performance.now();
    const code = await exitCodeOf(run);
    const took = seconds(performance.now() - started);
    outcomes.push({ code, line: `${code === 0 ? '✓' : '✗'} ${name} (${took})` });
    if (code === interrupted) break;
  }
  return outcomes;
}

async function exitCodeOf(run: Check['run']): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    if (error.code !== interrupted) say(error.message);
    return error.code;
  }
}
