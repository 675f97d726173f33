/** The closing line of CI tells the truth, also about files that did not load. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTotals, totalsLine } from '../../../scripts/lib/test-totals.ts';

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] };
const failed = { status: 'failed', assertionResults: [{ status: 'failed' }] };
const broken = { status: 'failed', assertionResults: [] };

it('adds the reports of all projects', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-totals-'));
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
  expect(readTotals(folder)).toEqual({ passed: 15, failed: 2, skipped: 3 });
  rmSync(folder, { recursive: true });
});

it('writes the line', () => {
  expect(totalsLine({ passed: 5, failed: 0, skipped: 0 })).toBe('5 passed, 0 failed');
  expect(totalsLine({ passed: 5, failed: 1, skipped: 2 })).toBe('5 passed, 1 failed, 2 skipped');
});
