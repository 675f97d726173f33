import { expect, test } from 'vitest';
import { formatWhen } from '../../../src/renderer/lib/when.ts';

/** Local time, like the page's. */
const at = (day: number, hour: number, minute: number, month = 10, year = 2026): number =>
  new Date(year, month, day, hour, minute).getTime();
const now = at(24, 17, 30);

test.each([
  [now - 20_000, 'just now'],
  [now - 5 * 60_000, '5 min ago'],
  [at(24, 0, 5), 'today 00:05'],
  [at(23, 23, 59), 'yesterday 23:59'],
  [at(23, 0, 0), 'yesterday 00:00'],
  [at(22, 23, 59), '22 Nov 23:59'],
  [at(3, 18, 20, 5, 2025), '3 Jun 2025'],
])('%d', (time, said) => {
  expect(formatWhen(time, now)).toBe(said);
});

test('a time to come is that of a clock that was set back: it is told, not called just now', () => {
  expect(formatWhen(at(25, 10, 0), now)).toBe('25 Nov 10:00');
});

test('just after midnight the minutes still count', () => {
  expect(formatWhen(at(23, 23, 50), at(24, 0, 10))).toBe('20 min ago');
});
