/** The end of CI tells the truth, also about files that did not load. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { project } from '../../../scripts/lib/project.ts';
import { readFailures, readTotals, totalsLine } from '../../../scripts/lib/test-reports.ts';

const passing = { status: 'passed', fullName: 'loads', failureMessages: [] };
const failing = {
  status: 'failed',
  fullName: 'heads are whole',
  failureMessages: ['\u001B[31mexpected 3 to be 4\u001B[39m\n    at shape.test.ts:7'],
};
const passed = { status: 'passed', name: join(project, 'a.test.ts'), assertionResults: [passing] };
const failed = {
  status: 'failed',
  name: join(project, 'test/shape.test.ts'),
  assertionResults: [passing, failing],
};
const broken = {
  status: 'failed',
  name: join(project, 'test/broken.test.ts'),
  message: 'Cannot find module',
  assertionResults: [],
};

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-totals-'));

beforeAll(() => {
  const report = (testResults: unknown[], counts: number[]) => {
    const [numPassedTests, numFailedTests, numPendingTests, numTodoTests] = counts;
    return JSON.stringify({
      numPassedTests,
      numFailedTests,
      numPendingTests,
      numTodoTests,
      testResults,
    });
  };
  writeFileSync(join(folder, 'unit.json'), report([passed, failed, broken], [10, 1, 2, 1]));
  writeFileSync(join(folder, 'e2e.json'), report([passed], [5, 0, 0, 0]));
  writeFileSync(join(folder, 'totals.txt'), 'not a report');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('adds the reports of all projects', () => {
  expect(readTotals(folder)).toEqual({ passed: 15, failed: 2, skipped: 3 });
});

it('names what failed, with its place and message, and no colours', () => {
  expect(readFailures(folder)).toEqual([
    'test/shape.test.ts > heads are whole\n  expected 3 to be 4\n      at shape.test.ts:7',
    'test/broken.test.ts\n  Cannot find module',
  ]);
});

it('writes the line', () => {
  expect(totalsLine({ passed: 5, failed: 0, skipped: 0 })).toBe('5 passed, 0 failed');
  expect(totalsLine({ passed: 5, failed: 1, skipped: 2 })).toBe('5 passed, 1 failed, 2 skipped');
});
