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

/** Before there are enough: worse than guessing, whatever the first loss, which is from before any update, was of. */
const early = { times: 3, above: 5 };

/** The remembered losses with one more. */
export function withLoss(recent: readonly number[], loss: number): number[] {
  return [...recent, loss].slice(-remembered);
}

/** The median of the newest losses and what those before were, where the former is far above the latter; else null. */
export function runAway(recent: readonly number[]): { now: number; before: number } | null {
  const [now, earlier] = [median(recent.slice(-newest)), recent.slice(0, -newest)];
  return now > mostAfter(earlier) ? { now, before: usual(earlier) } : null;
}

/** Whether the last loss alone is far above those before: a bad batch, or the first of a run that diverges. */
export function isSuspect(recent: readonly number[]): boolean {
  return (recent.at(-1) ?? 0) > mostAfter(recent.slice(0, -1));
}

/** Of losses that have run away: how many there are since the first that was far above. */
export function stepsAway(recent: readonly number[]): number {
  const most = mostAfter(recent.slice(0, -newest));
  const first = recent.slice(-newest).findIndex((loss) => loss > most);
  return first < 0 ? 0 : Math.min(newest, recent.length) - first;
}

/** What a loss may be after these. */
function mostAfter(earlier: readonly number[]): number {
  if (earlier.length === 0) return Infinity;
  const factors = earlier.length < least ? early : { times, above };
  return factors.times * usual(earlier) + factors.above;
}

function usual(earlier: readonly number[]): number {
  return earlier.length < least ? (earlier[0] ?? NaN) : median(earlier);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
