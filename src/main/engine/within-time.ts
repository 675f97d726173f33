/** Work that a file can make endless, such as its patterns and templates, within a bound of the time that the processor spends on it. */
import { createContext, Script } from 'node:vm';
import { threadTime } from './thread-time.ts';

const context = createContext({ work: null });
const script = new Script('work()');

/** Milliseconds for so many characters: tokenizers here take some 2 µs a character, so that ten times that is left. */
export function boundOf(characters: number): number {
  return 500 + characters / 50;
}

/** Whether a timer of `mapWithinTime` runs: nothing under it needs one of its own. */
let isTimed = false;
/** Milliseconds for which work is gone on with under one timer. */
const together = 25;
/** The timer's own: no piece has a lower bound. */
const least = boundOf(0);

/**
 * What `work` gives for each item. The bounds of `withinTime` hold inside of it, but are not set one by one (a tenth to a third of
 * a millisecond each) as long as all are quick: from those on among which one is not, each is within its own.
 */
export function mapWithinTime<T, R>(items: readonly T[], work: (item: T) => R): R[] {
  const results: R[] = [];
  while (results.length < items.length) {
    const next = items.slice(results.length, results.length + 1000);
    const several = () => {
      const until = performance.now() + together;
      const part: R[] = [];
      for (const item of next) {
        part.push(work(item));
        if (performance.now() >= until) break;
      }
      return part;
    };
    const part = timed(several);
    if (part === null) return [...results, ...items.slice(results.length).map(work)];
    results.push(...part);
  }
  return results;
}

/** Null where it was cut off. */
function timed<T>(work: () => T): T | null {
  // Under the timer of another one.
  if (isTimed) return work();
  isTimed = true;
  try {
    return attempt(work, least);
  } catch (error) {
    if (!isCutOff(error)) throw error;
    return null;
  } finally {
    isTimed = false;
  }
}

/**
 * What `work` gives. It is begun anew where it was cut off because the machine was busy with other things; what is cut off runs
 * none of its `finally` blocks.
 * @param milliseconds of the processor
 * @param tooLong makes the error where it takes more
 */
export function withinTime<T>(work: () => T, milliseconds: number, tooLong: () => Error): T {
  if (isTimed) return work();
  let wait = Math.max(1, Math.ceil(milliseconds));
  for (;;) {
    const start = threadTime();
    try {
      return attempt(work, wait);
    } catch (error) {
      if (!isCutOff(error)) throw error;
      const used = threadTime() - start;
      if (used >= milliseconds / 2) throw tooLong();
      // As long as it takes at this pace, so that endless work does not gain from a pause.
      wait *= Math.min(4, Math.ceil(milliseconds / Math.max(1, used)));
    }
  }
}

/** One bound for several pieces of work, each of which has what the others have left. */
export function sharedBound(milliseconds: number, tooLong: () => Error) {
  let left = milliseconds;
  return <T>(work: () => T): T => {
    if (left <= 0) throw tooLong();
    const start = threadTime();
    try {
      return withinTime(work, left, tooLong);
    } finally {
      left -= threadTime() - start;
    }
  };
}

function attempt<T>(work: () => T, timeout: number): T {
  const run: { done: { result: T } | null } = { done: null };
  context['work'] = () => {
    run.done = { result: work() };
  };
  script.runInContext(context, { timeout });
  if (run.done === null) throw new Error('the script has not called its work');
  return run.done.result;
}

/** The error is of the context's own classes. A bound inside of `work` has made another one of it already. */
function isCutOff(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
