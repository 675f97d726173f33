import { expect, test } from 'vitest';
import type { EvaluationReport } from '../../src/shared/contract/evaluation.ts';
import { figureTables } from '../../src/shared/evaluation-figures.ts';

const cellsOf = (reports: EvaluationReport[][]) =>
  reports.map((row) => row.map((report) => ({ own: null, report })));

const answered = (loss: number, exactMatch: number | null): EvaluationReport => ({
  ...{ task: 'causal-lm', loss, perplexity: Math.exp(loss), tokens: 9 },
  ...{ exactMatch, answers: exactMatch === null ? 0 : 4, examples: 8 },
});

const told = (loss: number, accuracy: number): EvaluationReport => ({
  ...{ task: 'sequence-classification', loss, examples: 8 },
  report: { examples: 8, figures: { accuracy }, classes: [], confusion: null },
});

test('the best of each column by what is better there; none where all are equal', () => {
  const cells = cellsOf([
    [told(0.5, 0.9), told(0.4, 0.75)],
    [told(0.25, 0.5), told(0.4, 0.875)],
  ]);
  const [accuracy, loss] = figureTables({ cells });
  expect(accuracy).toMatchObject({
    name: 'accuracy',
    values: [
      [0.9, 0.75],
      [0.5, 0.875],
    ],
    best: [
      [true, false],
      [false, true],
    ],
  });
  expect(loss?.best).toEqual([
    [false, false],
    [true, false],
  ]);
});

test('nearness falls to 0 at 20 points behind a share, and at twice the lowest loss', () => {
  const cells = cellsOf([[told(0.25, 0.875)], [told(0.375, 0.775)], [told(2, 0.5)]]);
  const [accuracy, loss] = figureTables({ cells });
  const nearness = accuracy?.nearness.flat() ?? [];
  expect(nearness[0]).toBe(1);
  // 0.1 and 0.2 are no numbers of float64.
  expect(nearness[1]).toBeCloseTo(0.5, 14);
  expect(nearness[2]).toBe(0);
  expect(loss?.nearness).toEqual([[1], [0.5], [0]]);
});

test('a figure that no cell has is left out, and one that some lack has no best among those', () => {
  const without = figureTables({ cells: cellsOf([[answered(1, null)], [answered(2, null)]]) });
  expect(without.map(({ name }) => name)).toEqual(['loss']);
  const [, exact] = figureTables({
    cells: cellsOf([[answered(1, null)], [answered(NaN, 0.5)], [answered(2, 0.25)]]),
  });
  expect(exact).toMatchObject({ values: [[null], [0.5], [0.25]], best: [[false], [true], [false]] });
  expect(exact?.nearness[0]).toEqual([null]);
});
