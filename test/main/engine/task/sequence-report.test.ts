/** Figures of classifiers, on cases that are counted by hand. */
import { expect, test } from 'vitest';
import { LabelNumbers } from '../../../../src/main/engine/task/label-numbers.ts';
import { sequenceReport } from '../../../../src/main/engine/task/sequence-report.ts';

/** Logits that answer a class out of three. */
const answer = (place: number) => Float32Array.from([0, 1, 2], (i) => (i === place ? 2 : -1));

test('one class each: accuracy, F1, and which is taken for which', () => {
  const names = ['a', 'b', 'c'];
  const numbers = new LabelNumbers({ problem: 'single_label_classification', names });
  const pairs = [
    [0, 0],
    [0, 0],
    [0, 1],
    [1, 1],
  ] as const;
  const outcomes = pairs.map(([label, place]) => ({ label, output: answer(place) }));
  const report = sequenceReport(numbers, outcomes);
  expect(report.confusion).toEqual([
    [2, 1, 0],
    [0, 1, 0],
    [0, 0, 0],
  ]);
  expect(report.classes).toEqual([
    { label: 'a', precision: 1, recall: 2 / 3, f1: 4 / 5, support: 3 },
    { label: 'b', precision: 1 / 2, recall: 1, f1: 2 / 3, support: 1 },
    { label: 'c', precision: 0, recall: 0, f1: 0, support: 0 },
  ]);
  expect(report.figures['accuracy']).toBe(3 / 4);
  // c is neither wanted nor answered and says nothing of the others, as scikit-learn has it.
  expect(report.figures['macroF1']).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
  expect(report.examples).toBe(4);
});

test('several classes each: exact sets, micro and macro F1', () => {
  const numbers = new LabelNumbers({ problem: 'multi_label_classification', names: ['a', 'b'] });
  const both = Number(numbers.of(['a', 'b']));
  const none = Number(numbers.of([]));
  const report = sequenceReport(numbers, [
    { label: both, output: Float32Array.of(1, -1) },
    { label: none, output: Float32Array.of(-1, -1) },
    { label: both, output: Float32Array.of(0.5, 0) },
    { label: none, output: Float32Array.of(3, -2) },
  ]);
  // Answered: a three times, twice rightly; b once, rightly. Wanted: each twice.
  expect(report.figures['exactSets']).toBe(2 / 4);
  expect(report.figures['microF1']).toBeCloseTo((2 * 3) / (4 + 4), 12);
  expect(report.figures['macroF1']).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
  expect(report.confusion).toBeNull();
});

test('values: errors and correlation', () => {
  const numbers = new LabelNumbers({ problem: 'regression', names: ['value'] });
  const outcomes = [
    [1, 2],
    [2, 4],
    [3, 6],
  ].map(([wanted = 0, answered = 0]) => ({
    label: Number(numbers.of(wanted)),
    output: Float32Array.of(answered),
  }));
  const { figures, classes } = sequenceReport(numbers, outcomes);
  expect(figures['meanAbsoluteError']).toBeCloseTo(2, 12);
  expect(figures['rootMeanSquareError']).toBeCloseTo(Math.sqrt(14 / 3), 12);
  expect(figures['correlation']).toBeCloseTo(1, 12);
  expect(classes).toEqual([]);
  const constant = outcomes.map(({ label }) => ({ label, output: Float32Array.of(1) }));
  expect(sequenceReport(numbers, constant).figures['correlation']).toBeNull();
});

test('a class that is answered and never wanted counts with an F1 of 0', () => {
  const names = ['a', 'b', 'c'];
  const numbers = new LabelNumbers({ problem: 'single_label_classification', names });
  const pairs = [
    [0, 0],
    [0, 2],
    [1, 1],
  ] as const;
  const outcomes = pairs.map(([label, place]) => ({ label, output: answer(place) }));
  const { figures } = sequenceReport(numbers, outcomes);
  expect(figures['macroF1']).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12);
});
