import { expect, test } from 'vitest';
import {
  goodness,
  lossesOf,
  lowestOf,
  parallelAxes,
  sayLine,
} from '../../../src/renderer/lib/parallel-axes.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { runOf } from '../run-record.ts';

const run = (learningRate: number, rank: number, loss: number | null, data = '/data/a.jsonl') => {
  const { config, ...one } = runOf({ lastLoss: loss });
  const lora = { ...config.lora, rank };
  return { ...one, config: { ...config, learningRate, lora, data } };
};
const runs = [
  run(1e-4, 8, 2),
  run(1e-3, 8, 1),
  run(1e-2, 16, null),
  run(1e-2, 4, 3, '/data/b.jsonl'),
];
const losses = lossesOf(runs, 'training');
const axes = parallelAxes(runs, losses, 'training');
const axis = (key: string) => axes.find((one) => one.key === key);

test('an axis for each setting that differs, and the loss last', () => {
  expect(axes.map(({ key }) => key)).toEqual(['data', 'rank', 'learningRate', 'loss']);
});

test('what is only looked at under way has no axis', () => {
  const plain = run(1e-3, 8, 1);
  const watched: TrainingConfig['watched'] = { kind: 'typed', prompts: ['say 3'] };
  const config = {
    ...plain.config,
    watched,
    answerEvery: 2,
    generalText: { kind: 'off' } as const,
  };
  const looking = { ...run(1e-2, 8, 2), config: { ...config, learningRate: 1e-2 } };
  const two = [plain, looking];
  const keys = parallelAxes(two, lossesOf(two, 'training'), 'training').map(({ key }) => key);
  expect(keys).toEqual(['learningRate', 'loss']);
});

test('numbers that are far apart lie by their logarithms, others by their size', () => {
  const rate = axis('learningRate');
  expect(rate?.label).toBe('Learning rate, log scale');
  // log10 of each: -4, -3, -2, -2.
  expect(rate?.places.map((place) => Math.round(1000 * (place ?? NaN)))).toEqual([
    0, 500, 1000, 1000,
  ]);
  expect(axis('rank')?.label).toBe('Rank');
  expect(axis('rank')?.places).toEqual([4 / 12, 4 / 12, 1, 0]);
  expect(axis('rank')?.ticks).toEqual([
    { at: 0, label: '4' },
    { at: 4 / 12, label: '8' },
    { at: 1, label: '16' },
  ]);
});

test('words have places of their own, the first at the top', () => {
  expect(axis('data')?.ticks).toEqual([
    { at: 1, label: 'a.jsonl' },
    { at: 0, label: 'b.jsonl' },
  ]);
});

test('the lowest loss is the best, and a run without one has none', () => {
  expect(goodness(losses)).toEqual([0.5, 1, null, 0]);
  expect(axis('loss')?.places).toEqual([0.5, 0, null, 1]);
  expect(goodness([1, 1])).toEqual([0.5, 0.5]);
  expect(goodness([null])).toEqual([null]);
  expect([lowestOf(losses), lowestOf([1, 1]), lowestOf([null])]).toEqual([1, 0, null]);
  expect(sayLine(axes, 1)).toBe(
    'Data file a.jsonl, Rank 8, Learning rate 0.001, Last training loss 1.000',
  );
});

test('of many values the ends alone have a tick', () => {
  const many = Array.from({ length: 9 }, (_, at) => run(1e-4, 2 + at, at));
  const ranks = parallelAxes(many, lossesOf(many, 'training'), 'training')[0];
  expect(ranks?.ticks.map(({ label }) => label)).toEqual(['2', '10']);
});

test('a validated run counts with its best validation', () => {
  const best = { step: 3, loss: 0.4 };
  const one = { ...runOf({ best, lastValidationLoss: 0.6, lastLoss: 1 }) };
  expect([lossesOf([one], 'validation'), lossesOf([one], 'training')]).toEqual([[0.4], [1]]);
});

test('a label never lies over that of an end', () => {
  const ends = [0.802, 0.809, 0.9, 1.195, 1.2].map((loss) => run(1e-3, 8, loss));
  const [loss] = parallelAxes(ends, lossesOf(ends, 'training'), 'training').slice(-1);
  expect(loss?.ticks.map(({ label }) => label)).toEqual(['0.802', '0.900', '1.200']);
});
