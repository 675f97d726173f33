/** Sees that a loss has run away, long before it is no number any more. */

/** Losses that are remembered: enough that a few bad batches do not move their median. */
const remembered = 60;
/** The newest of them, whose median is held against that of the others: one bad batch is no divergence. */
const newest = 5;
/** So many of the others there have to be. */
const least = 20;

/**
 * A run that only learns nothing stays near where it was; one that diverges goes to the loss of guessing, some 7 to 11 nats a token
 * for vocabularies of today. Twice its median and a nat above lies between for every loss below that.
 */
const times = 2;
const above = 1;

/** The remembered losses with one more. */
export function withLoss(recent: readonly number[], loss: number): number[] {
  return [...recent, loss].slice(-remembered);
}

/** The median of the newest losses and that of those before, where the former is far above the latter; else null. */
export function runAway(recent: readonly number[]): { now: number; before: number } | null {
  const earlier = recent.slice(0, -newest);
  if (earlier.length < least) return null;
  const [now, before] = [median(recent.slice(-newest)), median(earlier)];
  return now > times * before + above ? { now, before } : null;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
