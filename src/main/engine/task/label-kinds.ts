/** What the labels of a whole data file are: one class each, several, or values. */
import type { BadLine } from '../../../shared/contract/data-report.ts';
import type { LabelledExample } from '../dataset/labelled-example.ts';
import type { KnownLabels } from '../model/classifier.ts';

export type Problem = KnownLabels['problem'];

/** A text that is a number, as where a format has only texts. */
const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a label is; null for one in words. */
export function numberIn(label: string | number): number | null {
  if (typeof label === 'number') return label;
  return numeric.test(label.trim()) ? Number(label) : null;
}

/**
 * Lists are several classes, numbers that are not whole are values, all else are classes. The classes are in the order of their
 * names, numbers by size.
 * @param asked the kind where a person has named it
 * @returns or the lines whose labels are of another kind than those before them
 */
export function labelsOf(
  examples: readonly LabelledExample[],
  asked: Problem | null,
): KnownLabels | { problem: Problem; badLines: BadLine[] } {
  const problem = asked ?? kindOf(examples);
  const badLines = examples.flatMap(({ line, label }): BadLine[] => {
    const reason = misfit(label, problem);
    return reason === null ? [] : [{ line, reason }];
  });
  if (badLines.length > 0) return { problem, badLines };
  if (problem === 'regression') return { problem, names: ['value'] };
  const names = new Set(examples.flatMap(({ label }) => [label].flat()).map(nameOf));
  return { problem, names: [...names].sort(byNumberAndName) };
}

/** Most labels of a file decide what the others have to be; values beside whole numbers are common, so one is enough for them. */
function kindOf(examples: readonly LabelledExample[]): Problem {
  const lists = examples.filter(({ label }) => typeof label === 'object').length;
  if (2 * lists > examples.length) return 'multi_label_classification';
  const numbers = examples.map(({ label }) => (typeof label === 'object' ? null : numberIn(label)));
  const areNumbers = numbers.filter((each) => each !== null).length * 2 > examples.length;
  const broken = numbers.some((each) => each !== null && !Number.isInteger(each));
  return areNumbers && broken ? 'regression' : 'single_label_classification';
}

function misfit(label: LabelledExample['label'], problem: Problem): string | null {
  const list = typeof label === 'object';
  if (problem === 'multi_label_classification') {
    if (!list) return 'its label is no list, and those of other lines are';
    const twice = label.find((each, i) =>
      label.slice(0, i).some((one) => nameOf(one) === nameOf(each)),
    );
    return twice === undefined
      ? null
      : `its label has the class "${twice}" twice; a list names the classes that an example is of, and is no row of 0 and 1`;
  }
  if (list) return 'its label is a list, and those of other lines are not';
  const value = numberIn(label);
  if (problem === 'regression') {
    return value === null ? `its label "${label}" is no number, and values are to be learnt` : null;
  }
  return value === null || Number.isInteger(value)
    ? null
    : `its label ${label} is not whole, and those of other lines are classes`;
}

/** Whether the labels tell any example from another: not where all are of the same classes. */
export function tellApart(
  examples: readonly LabelledExample[],
  { problem, names }: KnownLabels,
): boolean {
  if (problem === 'regression') return true;
  return examples.some(({ label }) => [label].flat().length < names.length);
}

/** The name of a class: '2' for 2, and for "2" where a format has only texts. */
export function nameOf(label: string | number): string {
  return String(label).trim();
}

function byNumberAndName(a: string, b: string): number {
  const [one, other] = [numberIn(a), numberIn(b)];
  if (one !== null && other !== null && one !== other) return one - other;
  return a < b ? -1 : a > b ? 1 : 0;
}
