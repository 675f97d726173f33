/** How far numbers are from the oracle's. */

type Numbers = ArrayLike<number>;

/**
 * Largest |found - expected| over largest |expected|: one figure for a tensor, whose small elements
 * are sums of large ones that cancel and cannot be exact to their own size.
 * Throws where the lengths differ or there is nothing; NaN where any element is.
 */
export function relativeDifference(found: Numbers, expected: Numbers): number {
  if (found.length !== expected.length) {
    throw new RangeError(`${found.length} numbers, expected ${expected.length}`);
  }
  if (expected.length === 0) throw new RangeError('nothing to compare');
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    const want = expected[i] ?? NaN;
    const gap = Math.abs((found[i] ?? NaN) - want);
    if (Number.isNaN(gap)) return NaN;
    largest = Math.max(largest, Math.abs(want));
    difference = Math.max(difference, gap);
  }
  return largest === 0 ? difference : difference / largest;
}

/** ‖found − expected‖ over ‖expected‖, of all pairs together. NaN where a length differs or an element is. */
export function relativeDistance(pairs: readonly (readonly [Numbers, Numbers])[]): number {
  let difference = 0;
  let norm = 0;
  for (const [found, expected] of pairs) {
    if (found.length !== expected.length) return NaN;
    for (let i = 0; i < expected.length; i++) {
      difference += ((found[i] ?? NaN) - (expected[i] ?? NaN)) ** 2;
      norm += (expected[i] ?? NaN) ** 2;
    }
  }
  return Math.sqrt(difference / norm);
}
