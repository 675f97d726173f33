/** What the command palette finds, and in which order. */
import { expect, test } from 'vitest';
import { fit, fitting, type Entry } from '../../../src/renderer/lib/palette.ts';

const entry = (label: string, note = ''): Entry => ({
  ...{ key: label, label, note, icon: 'runs', keys: null, effect: { to: '#/runs' } },
});

test.each([
  ['New run', '', 3],
  ['New run', 'new r', 3],
  ['New run', 'run', 2],
  ['New run', 'n r', 2],
  ['New run', 'r n', 1],
  ['New run', 'ew', 1],
  ['New run', 'older', 0],
  ['Größe', 'GRÖ', 3],
])('%s fits "%s" by %d', (label, search, wanted) => {
  expect(fit({ label, note: '' }, search)).toBe(wanted);
});

test('the best come first, others keep their order, and notes are searched last', () => {
  const entries = [
    ...[entry('Compare'), entry('poems', 'Run, compiled'), entry('A comparison')],
    ...[entry('Compose'), entry('Log')],
  ];
  expect(fitting(entries, 'comp').map(({ label }) => label)).toEqual([
    ...['Compare', 'Compose', 'A comparison', 'poems'],
  ]);
});
