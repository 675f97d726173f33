import { expect, test } from 'vitest';
import { finalFigures } from '../../../src/renderer/lib/final-figures.ts';
import { runOf } from '../run-record.ts';

const compared = (lastLoss: number | null, validations: number[]) => ({
  run: runOf({ lastLoss, lastValidationLoss: validations.at(-1) ?? null }),
  colour: '--series-1',
  live: {
    steps: [],
    validations: validations.map((loss, step) => ({ step, loss, tokens: 1, report: null })),
  },
});
const row = (label: string, runs: ReturnType<typeof compared>[]) =>
  finalFigures(runs).find((one) => one.label === label);

test('the lowest loss is marked, where there are two to compare', () => {
  const runs = [compared(0.5, [0.4, 0.6]), compared(0.3, [0.7, 0.5]), compared(null, [])];
  expect(row('Last training loss', runs)).toEqual({
    label: 'Last training loss',
    values: ['0.500', '0.300', '–'],
    best: 1,
  });
  expect(row('Last validation loss', runs)?.best).toBe(1);
  expect(row('Lowest validation loss', runs)?.values).toEqual(['0.400', '0.500', '–']);
  expect(row('Lowest validation loss', runs)?.best).toBe(0);
  expect(row('Last training loss', [compared(0.5, [])])?.best).toBeNull();
});
