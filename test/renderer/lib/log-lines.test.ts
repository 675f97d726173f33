/** The log, cut into its entries. */
import { expect, test } from 'vitest';
import { entriesWith, logEntries } from '../../../src/renderer/lib/log-lines.ts';

const text = `    at a line of an entry that was cut off
2026-11-27T10:00:00.000Z run 3: engine/stopped: it ended
Error: it ended
    at wait (file.js:3)
2026-11-27T10:05:00.000Z left half written, removed: /data/x
`;

test('the newest is first, and lines without a time belong to the one before', () => {
  expect(logEntries(text).map(({ what, more }) => [what, more])).toEqual([
    ['left half written, removed: /data/x', ''],
    ['run 3: engine/stopped: it ended', 'Error: it ended\n    at wait (file.js:3)'],
    ['    at a line of an entry that was cut off', ''],
  ]);
  expect(logEntries('')).toEqual([]);
});

test('words are looked for in all of an entry', () => {
  const entries = logEntries(text);
  expect(entriesWith(entries, ' FILE.js ').map(({ what }) => what)).toEqual([
    'run 3: engine/stopped: it ended',
  ]);
  expect(entriesWith(entries, '')).toHaveLength(3);
});
