/** Measured values as min / median / max, and ratios of medians. */

export type Figure = { min: number; median: number; max: number; count: number };

/** The median of an even number of values is the mean of the middle two. */
export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
    count: sorted.length,
  };
}

/** '1.21 / 1.25 / 1.40'; a single value stands alone. */
export function spread({ min, median, max, count }: Figure, digits = 2): string {
  if (count === 1) return median.toFixed(digits);
  return [min, median, max].map((value) => value.toFixed(digits)).join(' / ');
}

/** The figure of `amount / value`, such as tokens a second from seconds. */
export function rateOf(amount: number, { min, median, max, count }: Figure): Figure {
  return { min: amount / max, median: amount / median, max: amount / min, count };
}

/** '1.67 ×' */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

/** '2.31 GB', of 10⁹ bytes. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
