/** How often each label of a data file occurs. */
import type { LabelCounts } from '../../../shared/contract/data-report.ts';
import type { LabelledExample } from '../dataset/labelled-example.ts';
import type { KnownLabels } from '../model/classifier.ts';
import { nameOf, numberIn } from './label-kinds.ts';

/** Of a histogram of values. */
const buckets = 20;

/** @param examples some, each with a label of the kind of `labels` */
export function countLabels(
  examples: readonly LabelledExample[],
  { problem, names }: KnownLabels,
): LabelCounts {
  if (problem === 'regression') return countValues(examples.map(valueOf));
  const counts = new Map(names.map((name) => [name, 0]));
  let without = 0;
  for (const { label } of examples) {
    // A class named twice in one line is there once.
    const own = new Set([label].flat().map(nameOf));
    for (const name of own) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (own.size === 0) without += 1;
  }
  const classes = [...counts].map(([label, count]) => ({ label, examples: count }));
  return { problem, classes, without };
}

function valueOf({ label }: LabelledExample): number {
  return typeof label === 'object' ? NaN : (numberIn(label) ?? NaN);
}

function countValues(values: readonly number[]): LabelCounts {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const width = (most - least) / buckets;
  const counts = new Array<number>(width === 0 ? 1 : buckets).fill(0);
  for (const value of values) {
    const bucket = width === 0 ? 0 : Math.min(buckets - 1, Math.floor((value - least) / width));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return { problem: 'regression', least, mean, most, histogram: { width, counts } };
}
