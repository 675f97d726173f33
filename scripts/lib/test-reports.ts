/** What vitest's JSON reporter wrote for each project: added up, and what failed by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { project } from './project.ts';

export type Totals = { passed: number; failed: number; skipped: number };

/** The fields that are read of a report (the format is Jest's). */
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: FileResult[];
};

type FileResult = {
  /** The file's path. */
  name: string;
  status: string;
  /** Why the file could not be loaded. */
  message: string;
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
};

/** Enough for the difference of two values and the lines of the test where they met. */
const mostLines = 40;

/** A file that could not even be loaded has no test that failed; it counts as one. */
function isBroken({ status, assertionResults }: FileResult): boolean {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}

/** All reports (*.json) in the folder. */
function readReports(folder: string): Report[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Report);
}

/** Sums all reports in the folder. */
export function readTotals(folder: string): Totals {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const report of readReports(folder)) {
    totals.passed += report.numPassedTests;
    totals.failed += report.numFailedTests + report.testResults.filter(isBroken).length;
    totals.skipped += report.numPendingTests + report.numTodoTests;
  }
  return totals;
}

/**
 * What failed by all reports in the folder: of each test its file, name and messages, of a file that
 * did not load why. Said again at the end, since of a log often only the end is kept.
 */
export function readFailures(folder: string): string[] {
  return readReports(folder)
    .flatMap(({ testResults }) => testResults)
    .flatMap((file) => {
      const path = relative(project, file.name);
      if (isBroken(file)) return [failure(path, [file.message])];
      return file.assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => failure(`${path} > ${fullName}`, failureMessages));
    });
}

function failure(where: string, messages: string[]): string {
  const lines = messages.flatMap((message) => stripVTControlCharacters(message).split('\n'));
  return [where, ...lines.slice(0, mostLines).map((line) => `  ${line}`)].join('\n');
}

/** '512 passed, 0 failed', with ', 3 skipped' where some were. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
