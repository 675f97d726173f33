/** Adds up what vitest's JSON reporter wrote for each project. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Totals = { passed: number; failed: number; skipped: number };

/** The fields that are read of a report (the format is Jest's). */
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
};

/** A file that could not even be loaded has no test that failed; it counts as one. */
function brokenFiles(report: Report): number {
  return report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
}

/** Sums all reports (*.json) in the folder. */
export function readTotals(folder: string): Totals {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const report = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
    totals.passed += report.numPassedTests;
    totals.failed += report.numFailedTests + brokenFiles(report);
    totals.skipped += report.numPendingTests + report.numTodoTests;
  }
  return totals;
}

/** '512 passed, 0 failed', with ', 3 skipped' where some were. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
