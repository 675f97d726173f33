import { expect, test } from 'vitest';
import { askable, repliesTo } from '../../../src/renderer/lib/compare-answers.ts';
import type { AnswerGroup } from '../../../src/shared/contract/answers.ts';
import type { AdapterRecord } from '../../../src/shared/contract/records.ts';
import { runOf } from '../run-record.ts';

const reply = (text: string) => ({ text, tokens: 1, tokensPerSecond: 1 });
const answered = (model: string, rows: [number | null, string][]): AnswerGroup => ({
  ...{ model, held: null },
  outcome: {
    kind: 'answered',
    rows: rows.map(([adapter, text]) => ({ adapter, replies: [reply('skip'), reply(text)] })),
  },
});
const one = answered('/one', [
  [null, 'a b'],
  [1, 'a c'],
]);
const other = answered('/other', [
  [null, 'x'],
  [2, 'a c d'],
]);
const groups = [one, other];
const marks = (group: AnswerGroup, beside: 'base' | 'first' | 'none') =>
  repliesTo(groups, group, 1, beside).map(({ parts }) =>
    parts === null ? null : parts.map(({ kind, text }) => `${kind} ${text}`),
  );

test('each is held against its own base, or all against the first of the adapters', () => {
  expect(marks(one, 'base')).toEqual([null, ['same a ', 'missing b', 'added c']]);
  expect(marks(other, 'base')).toEqual([null, ['missing x', 'added a c d']]);
  expect(marks(one, 'first')).toEqual([['same a ', 'missing c', 'added b'], null]);
  expect(marks(other, 'first')[1]).toEqual(['same a c', 'added  d']);
  expect(marks(one, 'none')).toEqual([null, null]);
});

test('where the base was not asked there is nothing to hold against it', () => {
  const alone = answered('/one', [[1, 'a']]);
  expect(repliesTo([alone], alone, 1, 'base').map(({ parts }) => parts)).toEqual([null]);
});

test('runs without an adapter and those that tell apart are left out by name', () => {
  const adapter = (id: number, labels: AdapterRecord['labels']): AdapterRecord => ({
    ...{ id, name: `adapter ${id}`, path: `/adapters/${id}`, runId: id, model: '/model' },
    ...{ rank: 8, alpha: 16, parameters: 1, labels, base: null, createdAt: 0 },
  });
  const labels = { problem: 'single_label_classification' as const, names: ['a'], pairs: false };
  const known = [adapter(1, null), adapter(2, labels)];
  const runs = [
    runOf({ name: 'still training' }),
    runOf({ name: 'telling', adapterId: 2 }),
    runOf({ name: 'talking', adapterId: 1 }),
  ];
  const found = askable(
    runs.map((run) => ({ run })),
    (id) => known.find((each) => each.id === id) ?? null,
  );
  expect(found.adapters).toEqual([known[0]]);
  expect(found.leftOut).toEqual([
    'still training has no adapter to ask.',
    'telling tells texts apart and does not answer.',
  ]);
});
