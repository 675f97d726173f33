/** How far a piece of work has come, and how long its present phase still takes. */
import { count, rateOf, type Counted } from '../../shared/counted.ts';
import { formatCount, formatDuration } from '../../shared/format.ts';

export type WorkProgress = Counted & { total: number; secondsLeft: number | null };

/** After another word of it; `now` in milliseconds. */
export function advanced(
  before: WorkProgress | null,
  { phase, done, total }: { phase: string; done: number; total: number },
  now: number,
): WorkProgress {
  const counted = count(before, phase, done, now);
  const rate = rateOf(counted, now);
  return { ...counted, total, secondsLeft: rate === null ? null : (total - done) / rate };
}

/** 'Scoring blocks, 20 of 100, 10 s left' */
export function sayProgress({ name, done, total, secondsLeft }: WorkProgress): string {
  const left = secondsLeft === null || done >= total ? '' : `, ${formatDuration(secondsLeft)} left`;
  return `${name}, ${formatCount(done)} of ${formatCount(total)}${left}`;
}
