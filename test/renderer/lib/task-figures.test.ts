/** What a task says of a validation, in words and curves. */
import { expect, test } from 'vitest';
import { figureCharts, sayFigures } from '../../../src/renderer/lib/task-figures.ts';
import type { ValidationPoint } from '../../../src/shared/contract/run-points.ts';

const task = 'sequence-classification';
const point = (step: number, figures: Record<string, number | null>): ValidationPoint => ({
  ...{ step, loss: 1, tokens: 4 },
  report: { examples: 4, figures, classes: [], confusion: null },
});

test('shares are per cent, errors plain numbers, and a figure without a value says so', () => {
  const figures = { accuracy: 0.875, meanAbsoluteError: 0.25, correlation: null };
  const { report } = point(1, figures);
  if (report === null) throw new Error('no report');
  const said = sayFigures(task, report).map(({ label, value }) => [label, value]);
  expect(said).toEqual([
    ['Accuracy', '87.5\u202f%'],
    ['Mean absolute error', '0.25'],
    ['Correlation', 'none'],
  ]);
});

test('what is to rise and what is to fall have charts of their own; gaps stay gaps', () => {
  const charts = figureCharts(task, [
    point(5, { rootMeanSquareError: 2, correlation: null }),
    point(10, { rootMeanSquareError: 1, correlation: -0.5 }),
  ]);
  expect(charts.map(({ label }) => label)).toEqual(['Correlation', 'Root mean square error']);
  expect(charts.map(({ series }) => series.map(({ points }) => points))).toEqual([
    [[{ x: 10, y: -0.5 }]],
    [
      [
        { x: 5, y: 2 },
        { x: 10, y: 1 },
      ],
    ],
  ]);
  expect(charts.map(({ look }) => look.y.most)).toEqual([1, undefined]);
  expect(figureCharts(task, [{ step: 1, loss: 1, tokens: 1, report: null }])).toEqual([]);
});
