/** The labels of a data file as rows of a small distribution. */
import type { LabelCounts } from '../../shared/contract/data-report.ts';
import { formatCount, formatSmall } from '../../shared/format.ts';

type Classes = Extract<LabelCounts, { classes: unknown }>;
type Values = Exclude<LabelCounts, Classes>;

export type LabelShare = {
  label: string;
  examples: number;
  /** Of the examples; with several classes each, shares add up to more than one. */
  share: number;
  /** So few that little can be learnt of it, and none may be left to validate on. */
  rare: boolean;
};

/** Fewer examples of a class are few, however few there are of the others. */
const few = 5;
/** A class with less than this part of an even share is rare beside the others. */
const rarePart = 0.1;

/** The most common first. */
export function labelShares({ classes }: Classes, examples: number): LabelShare[] {
  const total = classes.reduce((sum, { examples: own }) => sum + own, 0);
  const even = total / Math.max(1, classes.length);
  return classes
    .map(({ label, examples: own }) => ({
      ...{ label, examples: own, share: examples === 0 ? 0 : own / examples },
      rare: own < few || own < rarePart * even,
    }))
    .sort((one, other) => other.examples - one.examples);
}

/** What to know of the classes before training; null where nothing stands out. */
export function sayLabels(counts: Classes, examples: number): string | null {
  const { classes, problem } = counts;
  const [only] = classes;
  if (only === undefined) return 'No example is of any class, so there is nothing to tell apart.';
  if (classes.length === 1 && problem === 'single_label_classification') {
    return `Every example is of the class "${only.label}", so there is nothing to tell apart.`;
  }
  if (classes.length > examples / 2 && examples > few) {
    return 'Nearly every example has a label of its own: is this the column of the labels?';
  }
  const rare = labelShares(counts, examples).filter((each) => each.rare);
  if (rare.length === 0) return null;
  const some = rare.slice(0, 4).map(({ label }) => `"${label}"`);
  const names = `${some.join(', ')}${rare.length > some.length ? ', …' : ''}`;
  return rare.length === 1
    ? `The class ${names} is rare: little can be learnt of it, and accuracy says little about it. Look at its F1.`
    : `${rare.length} classes are rare (${names}): little can be learnt of them, and accuracy says little about them. Look at their F1.`;
}

/** Columns of a histogram of values. */
export function valueColumns({ least, histogram: { width, counts } }: Values) {
  return counts.map((count, index) => {
    const [from, to] = [least + index * width, least + (index + 1) * width].map(formatSmall);
    return { count, title: `${from} to ${to}: ${formatCount(count)} examples` };
  });
}
