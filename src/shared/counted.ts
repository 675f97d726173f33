/** A phase of work with a countable amount: how fast it goes, and how long it still takes. */

export type Counted = {
  name: string;
  done: number;
  /** When it was first heard of, in milliseconds, and how much was done then. */
  since: number;
  first: number;
};

/** The phase after another word of it; a phase of another name, or one that begins again, is a new one. */
export function count(before: Counted | null, name: string, done: number, now: number): Counted {
  const goesOn = before !== null && before.name === name && done >= before.done;
  return goesOn ? { ...before, done } : { name, done, since: now, first: done };
}

/** How much a second, since it was first heard of; null as long as that says nothing. */
export function rateOf({ done, since, first }: Counted, now: number): number | null {
  const rate = ((done - first) / (now - since)) * 1000;
  return rate > 0 && Number.isFinite(rate) ? rate : null;
}
