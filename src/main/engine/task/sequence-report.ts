/** How well sequences are told apart, from what was wanted and answered. */
import type { ClassReport, TaskReport } from '../../../shared/contract/run-points.ts';
import type { LabelNumbers } from './label-numbers.ts';
import type { Outcome } from './task.ts';

export function sequenceReport(numbers: LabelNumbers, outcomes: readonly Outcome[]): TaskReport {
  switch (numbers.labels.problem) {
    case 'single_label_classification':
      return ofClasses(numbers.labels.names, outcomes);
    case 'multi_label_classification':
      return ofSets(numbers, outcomes);
    case 'regression':
      return ofValues(numbers, outcomes);
  }
}

/** The class of the greatest logit is the answer. */
function ofClasses(names: readonly string[], outcomes: readonly Outcome[]): TaskReport {
  const confusion = names.map(() => names.map(() => 0));
  for (const { label, output } of outcomes) {
    const row = confusion[label];
    const answered = output.indexOf(Math.max(...output));
    if (row && answered >= 0) row[answered] = (row[answered] ?? 0) + 1;
  }
  const counts = names.map((label, i): Counts => {
    const own = confusion[i] ?? [];
    return {
      label,
      right: own[i] ?? 0,
      wanted: sum(own),
      answered: sum(confusion.map((row) => row[i] ?? 0)),
    };
  });
  const classes = counts.map(classReport);
  const right = sum(counts.map((each) => each.right));
  const examples = outcomes.length;
  return {
    examples,
    figures: { accuracy: share(right, examples), macroF1: macroF1(counts) },
    classes,
    confusion,
  };
}

/** Classes with a probability of a half or more, which is a logit of 0 or more, are the answer. */
function ofSets(numbers: LabelNumbers, outcomes: readonly Outcome[]): TaskReport {
  const { names } = numbers.labels;
  const counts = names.map((label): Counts => ({ label, right: 0, wanted: 0, answered: 0 }));
  let exact = 0;
  for (const { label, output } of outcomes) {
    const target = numbers.targetOf(label);
    const hits = counts.map((count, i) => {
      const wanted = target[i] === 1;
      const answered = (output[i] ?? NaN) >= 0;
      if (wanted) count.wanted += 1;
      if (answered) count.answered += 1;
      if (wanted && answered) count.right += 1;
      return wanted === answered;
    });
    if (hits.every(Boolean)) exact += 1;
  }
  const classes = counts.map(classReport);
  const all = counts.reduce(
    (total, { right, wanted, answered }) => ({
      label: '',
      right: total.right + right,
      wanted: total.wanted + wanted,
      answered: total.answered + answered,
    }),
    { label: '', right: 0, wanted: 0, answered: 0 },
  );
  return {
    examples: outcomes.length,
    figures: {
      exactSets: share(exact, outcomes.length),
      microF1: classReport(all).f1,
      macroF1: macroF1(counts),
    },
    classes,
    confusion: null,
  };
}

function ofValues(numbers: LabelNumbers, outcomes: readonly Outcome[]): TaskReport {
  const wanted = outcomes.map(({ label }) => numbers.targetOf(label)[0] ?? NaN);
  const answered = outcomes.map(({ output }) => output[0] ?? NaN);
  const errors = answered.map((value, i) => value - (wanted[i] ?? NaN));
  return {
    examples: outcomes.length,
    figures: {
      meanAbsoluteError: finite(mean(errors.map(Math.abs))),
      rootMeanSquareError: finite(Math.sqrt(mean(errors.map((error) => error ** 2)))),
      correlation: finite(correlation(wanted, answered)),
    },
    classes: [],
    confusion: null,
  };
}

/** Examples of a class: those that were, those that were answered to be, and those that were both. */
type Counts = { label: string; right: number; wanted: number; answered: number };

/** 0 where nothing is divided by nothing, as scikit-learn has it. */
function classReport({ label, right, wanted, answered }: Counts): ClassReport {
  const precision = share(right, answered);
  const recall = share(right, wanted);
  const f1 = share(2 * right, wanted + answered);
  return { label, precision, recall, f1, support: wanted };
}

/** Of the classes that occur, wanted or answered: no other says anything of these. scikit-learn's, where each example is of one. */
function macroF1(counts: readonly Counts[]): number {
  const occurring = counts.filter(({ wanted, answered }) => wanted + answered > 0);
  return occurring.length === 0 ? 0 : mean(occurring.map((each) => classReport(each).f1));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Pearson's r; NaN where either does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const fromA = a.map((value) => value - meanA);
  const fromB = b.map((value) => value - meanB);
  const product = sum(fromA.map((value, i) => value * (fromB[i] ?? NaN)));
  const squares = (values: readonly number[]) => sum(values.map((value) => value ** 2));
  return product / Math.sqrt(squares(fromA) * squares(fromB));
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
