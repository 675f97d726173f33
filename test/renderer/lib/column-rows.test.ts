/** The form that maps columns: a row for each, and what choosing in it does. */
import { expect, test } from 'vitest';
import { columnChoices, columnRows, withColumn } from '../../../src/renderer/lib/column-rows.ts';
import { checkDraft } from '../../../src/renderer/lib/draft-check.ts';
import { limitsOf } from '../../../src/renderer/lib/draft-limits.ts';
import { emptyDraft } from '../../../src/renderer/lib/draft.ts';
import type { Columns } from '../../../src/shared/settings/columns.ts';

const found = [
  { name: 'question', sample: 'Who?' },
  { name: 'answer', sample: '' },
];

test('the columns of the file come first, then those that it lacks', () => {
  const columns: Columns = [
    { name: 'asked', as: 'input' },
    { name: 'answer', as: 'completion' },
  ];
  expect(columnRows(found, columns)).toEqual([
    { name: 'question', sample: 'Who?', as: '' },
    { name: 'answer', sample: '', as: 'completion' },
    { name: 'asked', sample: null, as: 'input' },
  ]);
});

test('another choice takes the place of the one before, and its own name none', () => {
  const one = withColumn([], 'question', 'input');
  const two = withColumn(one, 'question', 'prompt');
  expect(two).toEqual([{ name: 'question', as: 'prompt' }]);
  expect(withColumn(two, 'question', '')).toEqual([]);
});

test('a key that two columns are mapped to is said in the form', () => {
  const columns = withColumn([{ name: 'answer', as: 'prompt' }], 'question', 'prompt');
  const checked = checkDraft(
    { ...emptyDraft(), model: '/m', data: '/d.csv', columns },
    { targets: 'all-linear', ...limitsOf(null, null, null) },
  );
  expect(checked.ok ? {} : checked.problems).toMatchObject({
    columns: '"prompt" is mapped twice, to "answer" and to "question".',
  });
});

test('only what examples of the task have is offered, and what is chosen already', () => {
  const keys = columnChoices('sequence-classification', '').map(({ value }) => value);
  expect(keys).toEqual(['', 'text', 'text2', 'label', 'unused']);
  const offered = columnChoices('causal-lm', 'label').map(({ value }) => value);
  expect(offered).toContain('prompt');
  expect(offered).toContain('label');
  expect(offered).not.toContain('text2');
});
