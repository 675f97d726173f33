/** `npm run check` and `npm test`: everything that has to be right, with one summary at the end. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildStudio } from '../lib/build-studio.ts';
import { project } from '../lib/project.ts';
import { interrupted, RunError, runTool } from '../lib/run.ts';
import { say, seconds } from '../lib/say.ts';
import { readTotals, totalsLine } from '../lib/test-totals.ts';
import { setUp } from '../setup/index.ts';

const results = join(project, 'test-results');

type Check = { name: string; run: () => Promise<unknown> };

function tests(project: string): Check {
  const report = join(results, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name: `${project} tests`,
    run: () => runTool('vitest', ['run', '--project', project, ...reporters]),
  };
}

const checks: Check[] = [
  { name: 'format', run: () => runTool('prettier', ['--check', '--log-level=warn', '.']) },
  { name: 'lint', run: () => runTool('eslint', ['.', '--max-warnings=0']) },
  { name: 'types', run: () => runTool('tsc', ['-p', 'tsconfig.json']) },
  {
    name: 'svelte-check',
    run: () =>
      runTool('svelte-check', ['--tsconfig', 'tsconfig.renderer.json', '--fail-on-warnings']),
  },
  tests('unit'),
  tests('window'),
  { name: 'build', run: buildStudio },
  tests('e2e'),
  tests('package'),
];

/** All checks run, also after one has failed: one round shows everything. */
export async function task(): Promise<number> {
  rmSync(results, { recursive: true, force: true });
  await setUp('tests');
  mkdirSync(results);
  const summary: string[] = [];
  let failed = 0;
  for (const { name, run } of checks) {
    say(`\n── ${name}`);
    const started = performance.now();
    let mark = '✓';
    try {
      await run();
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      if (error.code === interrupted) return interrupted;
      say(error.message);
      mark = '✗';
      failed += 1;
    }
    summary.push(`${mark} ${name} (${seconds(performance.now() - started)})`);
  }
  const totals = totalsLine(readTotals(results));
  writeFileSync(join(results, 'totals.txt'), `${totals}\n`);
  say(`\n${summary.join('\n')}\n${totals}`);
  return failed === 0 ? 0 : 1;
}
