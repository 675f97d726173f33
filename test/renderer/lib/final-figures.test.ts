import { expect, test } from 'vitest';
import { finalFigures } from '../../../src/renderer/lib/final-figures.ts';
import { noSteps } from '../../../src/renderer/lib/step-series.ts';
import { lookOf } from '../../../src/renderer/lib/run-looks.ts';
import { runOf } from '../run-record.ts';

const compared = (lastLoss: number | null, validations: number[]) => ({
  run: runOf({ lastLoss, lastValidationLoss: validations.at(-1) ?? null }),
  ...lookOf(0),
  live: {
    steps: noSteps,
    validations: validations.map((loss, step) => ({ step, loss, tokens: 1, report: null })),
  },
});
const row = (label: string, runs: ReturnType<typeof compared>[]) =>
  finalFigures(runs).find((one) => one.label === label);

test('the lowest loss is marked, where there are two to compare', () => {
  const runs = [compared(0.5, [0.4, 0.6]), compared(0.3, [0.7, 0.5]), compared(null, [])];
  expect(row('Last training loss', runs)).toEqual({
    ...{ label: 'Last training loss', unit: '' },
    values: [0.5, 0.3, null],
    said: ['0.500', '0.300', '–'],
    best: 1,
    better: 'lower',
  });
  expect(row('Last validation loss', runs)?.best).toBe(1);
  expect(row('Lowest validation loss', runs)?.said).toEqual(['0.400', '0.500', '–']);
  expect(row('Lowest validation loss', runs)?.best).toBe(0);
  expect(row('Step of the lowest', runs)?.values).toEqual([0, 1, null]);
  expect(row('Last training loss', [compared(0.5, [])])?.best).toBeNull();
});

test('the figures of a classifier’s last validation, the highest marked', () => {
  const classifier = (accuracies: number[]) => {
    const one = compared(0.5, []);
    const { run } = one;
    const config = { ...run.config, task: 'sequence-classification' as const };
    const validations = accuracies.map((accuracy, step) => {
      const figures = { accuracy, macroF1: accuracy / 2 };
      return {
        ...{ step, loss: 1, tokens: 10 },
        report: { examples: 10, figures, classes: [], confusion: null },
      };
    });
    return { ...one, run: { ...run, config }, live: { steps: noSteps, validations } };
  };
  const rows = finalFigures([classifier([0.5, 0.8]), classifier([0.9]), compared(0.5, [1])]);
  expect(rows.find(({ label }) => label.startsWith('Accuracy'))).toEqual({
    ...{ label: 'Accuracy, last validation', unit: '' },
    values: [0.8, 0.9, null],
    said: ['80.0\u202f%', '90.0\u202f%', '–'],
    best: 1,
    better: 'higher',
  });
  expect(rows.filter(({ label }) => label.endsWith('last validation'))).toHaveLength(2);
});

test('what was forgotten, the least marked among runs that were held against one text', () => {
  const forgetful = (after: number | null, path: string | null = null) => {
    const one = compared(0.5, []);
    return { ...one, run: { ...one.run, forgetting: { path, tokens: 9, before: 2, after } } };
  };
  const found = (runs: ReturnType<typeof compared>[]) => row('Forgetting, nats', runs);
  const runs = [forgetful(2.5), forgetful(2.25), compared(0.5, []), forgetful(null)];
  expect(found(runs)).toMatchObject({
    values: [0.5, 0.25, null, null],
    said: ['+0.500', '+0.250', '–', '–'],
    best: 1,
  });
  expect(found([forgetful(2.5), forgetful(2.25, '/texts/other.jsonl')])?.best).toBeNull();
  expect(found([compared(0.5, [])])).toBe(undefined);
});
