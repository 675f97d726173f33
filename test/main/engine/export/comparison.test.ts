/** How far two models' answers are from each other, against what is worked out by hand. */
import { describe, expect, test } from 'vitest';
import {
  compareClassifiers,
  compareModels,
} from '../../../../src/main/engine/export/comparison.ts';

/** Logits are float32 numbers below 8: each is off by at most 2⁻²², and what is worked out from them by a few of these. */
const digits = { near: 8 * 2 ** -22 };
const expectNear = (found: number, wanted: number) =>
  expect(Math.abs(found - wanted)).toBeLessThan(digits.near);

/** Logits of these probabilities; all of them may be moved by the same number. */
const logits = (probabilities: number[], moved = 0) =>
  probabilities.map((p) => Math.log(p) + moved);
const compare = (tokens: number[], adapter: readonly number[][], merged: readonly number[][]) =>
  compareModels(
    [tokens],
    adapter[0]?.length ?? 0,
    [Float32Array.from(adapter.flat())],
    () => Float32Array.from(merged.flat()),
    async () => {},
  );

describe('models', () => {
  const [p, q, even] = [
    [1 / 2, 1 / 4, 1 / 4],
    [1 / 4, 1 / 2, 1 / 4],
    [1 / 3, 1 / 3, 1 / 3],
  ];

  test('KL is that of the probabilities, whatever all logits were moved by', async () => {
    const { meanKl } = await compare([0, 1], [logits(p, 4), logits(p, -2)], [logits(q), logits(p)]);
    // ½ log 2 − ¼ log 2 at the first token, nothing at the second.
    expectNear(meanKl, Math.log(2) / 8);
  });

  test('it is no symmetric figure: what the adapter answers is what counts', async () => {
    const of = async (a: number[], m: number[]) =>
      (await compare([0], [logits(a)], [logits(m)])).meanKl;
    expectNear(
      await of([3 / 4, 1 / 4], [1 / 2, 1 / 2]),
      Math.log(2) + 0.75 * Math.log(0.75) + 0.25 * Math.log(0.25),
    );
    expectNear(
      await of([1 / 2, 1 / 2], [3 / 4, 1 / 4]),
      -Math.log(2) - 0.5 * (Math.log(0.75) + Math.log(0.25)),
    );
  });

  test('perplexity is of the tokens that follow, of each model by itself', async () => {
    const answers = [logits(p, 3), logits(q), logits(even)];
    const { perplexity } = await compare([2, 1, 0], answers, [
      logits(even),
      logits(even),
      logits(even),
    ]);
    // Token 1 with ¼, token 0 with ¼; nothing follows the last.
    expectNear(perplexity?.adapter ?? NaN, 4);
    expectNear(perplexity?.merged ?? NaN, 3);
  });

  test('the most likely answer, the largest difference and what was compared are counted', async () => {
    const found = await compare(
      [0, 1],
      [
        [1, 2, 7],
        [1, 2, 0],
      ],
      [
        [1, 2.5, 3],
        [1, 2, 0],
      ],
    );
    expect(found).toMatchObject({
      prompts: 1,
      tokens: 2,
      changedArgmax: 0,
      maxAbsoluteLogitDifference: 4,
    });
    const other = await compare(
      [0, 1],
      [
        [1, 2, 7],
        [1, 2, 0],
      ],
      [
        [1, 2, 1],
        [1, 2, 0],
      ],
    );
    expect(other).toMatchObject({ changedArgmax: 1 / 2, maxAbsoluteLogitDifference: 6 });
  });

  test('equal logits differ by nothing at all', async () => {
    const same = [
      [0.3, -7.7, 5.1],
      [1e-3, 80, -80],
    ];
    const found = await compare([0, 1], same, same);
    expect(found).toMatchObject({ meanKl: 0, maxAbsoluteLogitDifference: 0, changedArgmax: 0 });
  });

  test.each([
    ['NaN', [NaN, 1, 2], 0],
    ['NaN', [1, NaN, 2], 1],
    ['NaN', [1, 2, NaN], 2],
    ['infinity', [1, Infinity, 2], 1],
  ])('a logit that is %s is in the figures: %o', async (_, broken) => {
    const whole = [1, 2, 3];
    for (const [a, m] of [
      [whole, broken],
      [broken, whole],
    ] as const) {
      const found = await compare([0], [a], [m]);
      expect(found.meanKl).toBeNaN();
      expect(Number.isFinite(found.maxAbsoluteLogitDifference)).toBe(false);
    }
  });

  test('others have a turn after each prompt', async () => {
    const done: number[] = [];
    const one = () => Float32Array.of(0, 1);
    await compareModels([[0], [1], [0]], 2, [one(), one(), one()], one, async (count) => {
      await Promise.resolve();
      done.push(count);
    });
    expect(done).toEqual([1, 2, 3]);
  });
});

describe('classifiers', () => {
  const names = ['a', 'b'];
  const of = (
    problem: 'regression' | 'single_label_classification' | 'multi_label_classification',
    adapter: number[],
    merged: number[],
  ) =>
    compareClassifiers(
      {
        adapter: Float32Array.from(adapter),
        merged: Float32Array.from(merged),
        labels: { problem, names: problem === 'regression' ? ['value'] : names },
      },
      9,
    );

  test('one class each: as a model with so many tokens', () => {
    const found = of(
      'single_label_classification',
      [...logits([3 / 4, 1 / 4]), 0, 1],
      [...logits([1 / 4, 3 / 4]), 0, 1],
    );
    expectNear(found.meanKl, Math.log(3) / 4);
    expect(found).toMatchObject({ prompts: 2, tokens: 9, changedArgmax: 1 / 2, perplexity: null });
  });

  test('several classes each: every one is a choice of its own', () => {
    // Probabilities ¾ and ½ become ½ and ½.
    const found = of('multi_label_classification', [Math.log(3), 0], [0, 0]);
    expectNear(found.meanKl, 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5));
    expect(found.changedArgmax).toBe(1);
    expect(of('multi_label_classification', [3, -3], [2, -2]).changedArgmax).toBe(0);
  });

  test('values: half the square of the difference', () => {
    expect(of('regression', [1, 2], [1.5, 2])).toMatchObject({
      meanKl: 1 / 16,
      changedArgmax: 0,
      maxAbsoluteLogitDifference: 0.5,
    });
  });
});
