/** The report on a data file whose texts are to be told apart. */
import { expect, test } from 'vitest';
import { inspectData } from '../../../../src/main/engine/commands/inspect-data.ts';
import { labelledTexts } from '../../../../src/main/engine/commands/inspect-labelled.ts';
import { dataReport } from '../../../../src/shared/contract/data-report.ts';
import { tinyTokenizer } from '../tokenizer/fixtures.ts';
import { dataFile, jsonl } from '../dataset/data-file.ts';

/** No part is held back. */
const nothing = { validation: { kind: 'none' }, seed: 0 } as const;

const look = async (rows: unknown[], length = 512, columns: { name: string; as: 'label' }[] = []) =>
  dataReport.parse(
    await inspectData({ path: dataFile(jsonl(...rows)), columns }, labelledTexts('auto'), {
      tokenizer: tinyTokenizer(),
      longest: length,
      held: nothing,
    }),
  );

test('texts and labels are shown, every class is counted, and lines without are named', async () => {
  const report = await look([
    { text: 'one', label: 'yes' },
    { text: 'two', text2: 'three', label: 'no' },
    { text: 'no label' },
    { text: 'four', label: 'yes' },
    { text: 'five', label: ['yes'] },
    { prompt: 'p', completion: 'c' },
  ]);
  expect(report).toMatchObject({
    formats: ['text/label'],
    examples: 3,
    badLines: [
      { line: 3, reason: expect.stringContaining('"label" is missing') as unknown },
      { line: 5, reason: expect.stringContaining('is a list') as unknown },
      { line: 6 },
    ],
    labels: {
      problem: 'single_label_classification',
      classes: [
        { label: 'no', examples: 1 },
        { label: 'yes', examples: 2 },
      ],
      without: 0,
    },
  });
  expect(report.preview[1]).toEqual({
    line: 2,
    given: [
      { name: 'Text', text: 'two' },
      { name: 'Second text', text: 'three' },
    ],
    learnt: { name: 'Label', text: 'no' },
  });
});

test('lengths are those before the cut, and no token is one that is learnt', async () => {
  const text = 'x'.repeat(60);
  const whole = await look([
    { text, label: 1 },
    { text: 'x', label: 2 },
  ]);
  const longest = whole.tokens?.longest ?? 0;
  expect(longest).toBeGreaterThan(40);
  const cut = await look([{ text, label: 1 }], longest - 1);
  expect(cut.tokens).toMatchObject({ longest, tooLong: 1, learnt: null });
  expect(whole.tokens).toMatchObject({ sequences: 2, tooLong: 0 });
});

test('several classes each, some of none', async () => {
  const report = await look([
    { text: 'a', label: ['x', 'y'] },
    { text: 'b', label: [] },
    { text: 'c', label: ['y'] },
  ]);
  expect(report.labels).toEqual({
    problem: 'multi_label_classification',
    classes: [
      { label: 'x', examples: 1 },
      { label: 'y', examples: 2 },
    ],
    without: 1,
  });
  expect(report.preview[1]?.learnt.text).toBe('none of the classes');
});

test('values have their range and a histogram', async () => {
  const report = await look(
    [0, 1, 2.5, 4].map((stars) => ({ text: 't', stars })),
    512,
    [{ name: 'stars', as: 'label' }],
  );
  expect(report.labels).toMatchObject({ problem: 'regression', least: 0, mean: 1.875, most: 4 });
  const counts = report.labels?.problem === 'regression' ? report.labels.histogram.counts : [];
  // Buckets of 0.2: 4 is the upper edge of the last.
  expect(counts.flatMap((count, bucket) => (count > 0 ? [bucket] : []))).toEqual([0, 5, 12, 19]);
});

test('a file without usable lines has no labels', async () => {
  const report = await look([{ messages: [] }]);
  expect(report).toMatchObject({ examples: 0, labels: null, badLines: [{ line: 1 }] });
});
