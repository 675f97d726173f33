/** Which of the runs that wait begins next. */
import { expect, test } from 'vitest';
import { nextOf, queueRows, sayNext } from '../../../src/renderer/lib/queue-moves.ts';
import { runOf } from '../run-record.ts';

const now = new Date(2026, 10, 28, 12).getTime();
const christmas = new Date(2026, 11, 24, 2).getTime();
const rows = (...times: (number | null)[]) =>
  queueRows(
    times.map((notBefore, at) =>
      runOf({ id: at, name: `run ${at}`, state: 'queued', queueOrder: at, notBefore }),
    ),
  );

test('the first begins next where nothing keeps it', () => {
  expect(sayNext(rows(null, null), 'lamp', now)).toBe('The first begins after lamp.');
  // Its time has come.
  expect(sayNext(rows(now - 1, null), 'lamp', now)).toBe('The first begins after lamp.');
  expect(sayNext([], 'lamp', now)).toBe('');
});

test('one that waits for its time is passed by those behind it', () => {
  const two = rows(christmas, null);
  expect(nextOf(two, now)?.run.id).toBe(1);
  expect(sayNext(two, 'lamp', now)).toBe(
    'run 1 begins after lamp: what stands before it waits for its time.',
  );
});

test('where all wait for their time, the soonest is the next', () => {
  const both = rows(christmas + 1, christmas);
  expect(nextOf(both, now)?.run.id).toBe(1);
  expect(sayNext(both, 'lamp', now)).toBe(
    'run 1 begins next: after lamp, and not before 24 Dec 02:00.',
  );
  expect(nextOf(both, christmas + 2)?.run.id).toBe(0);
});
