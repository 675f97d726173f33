/** What a run has taken is its own count; before the first step it is the clock's, and never less than nothing. */
import { expect, test } from 'vitest';
import { runSeconds } from '../../../src/renderer/lib/run-words.ts';

const second = 1000;

test('the run counts its own time, whatever the clock said and however long it was paused', () => {
  const run = { startedAt: 50 * second, finishedAt: 10 * second };
  expect(runSeconds(run, { elapsedSeconds: 12 }, 0)).toBe(12);
});

test.each([
  ['before it began', { startedAt: null, finishedAt: null }, null],
  ['getting ready', { startedAt: 50 * second, finishedAt: null }, 10],
  ['ended before its first step', { startedAt: 50 * second, finishedAt: 53 * second }, 3],
  ['the clock was set back', { startedAt: 70 * second, finishedAt: null }, 0],
])('%s', (_, run, seconds) => {
  expect(runSeconds(run, undefined, 60 * second)).toBe(seconds);
});
