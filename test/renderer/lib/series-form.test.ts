/** Settings with several values become runs, each named after what is different in it. */
import { expect, test } from 'vitest';
import { draftOf, type Draft } from '../../../src/renderer/lib/draft.ts';
import { checkDraft } from '../../../src/renderer/lib/draft-check.ts';
import { beginWith, seriesOf, variable } from '../../../src/renderer/lib/series-form.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';
import { aboutOf } from '../../../src/shared/settings/about.ts';

const config: TrainingConfig = {
  ...trainingDefaults,
  ...{ name: '', model: '/model', data: '/data.jsonl' },
  validation: { kind: 'split', fraction: 0.1 },
};
const draft = draftOf(config);
const bounds = { rank: { least: 1, most: 64 }, sequenceLength: {} };
const check = (changes: Partial<Draft>) =>
  checkDraft({ ...draft, ...changes }, { targets: 'all-linear', bounds, ownRanks: null });
const of = (varied: Parameters<typeof seriesOf>[0], name = '', halving = false) =>
  seriesOf(varied, name, halving, check);

test('every combination is a run, which says what is different in it', () => {
  const series = of(
    [
      { key: 'rank', text: '4, 8' },
      { key: 'useDora', text: 'off, on' },
    ],
    'home',
  );
  if (!series.ok) throw new Error('no series');
  expect(series.configs.map(({ name, lora }) => [name, lora.rank, lora.useDora])).toEqual([
    ['home: rank 4, DoRA off', 4, false],
    ['home: rank 4, DoRA on', 4, true],
    ['home: rank 8, DoRA off', 8, false],
    ['home: rank 8, DoRA on', 8, true],
  ]);
  expect(series.groups).toBe(1);
});

test('a setting of the program makes groups; choices are read by their values', () => {
  const series = of([
    { key: 'batchSize', text: '1 2' },
    { key: 'scheduler', text: 'cosine, Linear' },
  ]);
  if (!series.ok) throw new Error('no series');
  expect(series.configs.map(({ batchSize, scheduler }) => [batchSize, scheduler])).toEqual([
    [1, 'cosine'],
    [1, 'linear'],
    [2, 'cosine'],
    [2, 'linear'],
  ]);
  expect(series.configs[1]?.name).toBe('batch size 1, schedule Linear');
  expect(series.groups).toBe(2);
});

test('no more than eight are trained at once', () => {
  const series = of([
    { key: 'rank', text: '1 2 3 4 5 6' },
    { key: 'alpha', text: '8 16 32' },
  ]);
  expect(series.ok && [series.configs.length, series.groups]).toEqual([18, 3]);
});

test('what cannot be read, is one value, or does not fit is said where it stands', () => {
  const problemsOf = (text: string) => {
    const series = of([{ key: 'rank', text }]);
    return series.ok ? null : [series.problems[0], series.problem];
  };
  expect(problemsOf('4, many')).toEqual(['Numbers with commas between.', null]);
  expect(problemsOf('8, 8.0')).toEqual(['Two values or more.', null]);
  expect(problemsOf('')).toEqual(['Two values or more.', null]);
  expect(problemsOf('8, 128')?.[1]).toContain('rank 128: A whole number from 1 to 64.');
  expect(problemsOf(Array.from({ length: 25 }, (_, i) => i + 1).join())?.[1]).toContain(
    'These make 25 runs, and at most 24',
  );
  const words = of([{ key: 'init', text: 'pissa, magic' }]);
  expect(words.ok ? '' : words.problems[0]).toContain('default, gaussian, pissa');
});

test('the worse half is told by one validation of all', () => {
  expect(of([{ key: 'rank', text: '4, 8' }], '', true).ok).toBe(true);
  const seeds = of([{ key: 'seed', text: '1, 2' }], '', true);
  expect(seeds.ok ? '' : seeds.problem).toContain('validated on different examples');
  expect(of([{ key: 'seed', text: '1, 2' }]).ok).toBe(true);
});

test('what says how a run is kept, or is one of modules, has one value; the length in its own unit', () => {
  const keys = variable(aboutOf(config, false), 'epochs');
  expect(keys).toEqual(
    expect.arrayContaining(['rank', 'learningRate', 'epochs', 'useDora', 'seed']),
  );
  for (const key of [
    'steps',
    'checkpointEvery',
    'patience',
    'rankPattern',
    'routerLoss',
    'runAnyway',
  ])
    expect(keys).not.toContain(key);
});

test('values to begin with lie about that of the form', () => {
  expect(beginWith('rank', 8)).toBe('4, 8, 16');
  expect(beginWith('batchSize', 1)).toBe('1, 2');
  expect(beginWith('learningRate', 2e-4)).toBe('0.0001, 0.0002, 0.0004');
  expect(beginWith('dropout', 0)).toBe('');
  expect(beginWith('useDora', false)).toBe('off, on');
  expect(beginWith('scheduler', 'cosine')).toBe('cosine, linear, constant');
});
