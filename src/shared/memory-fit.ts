/** Whether a run fits into what is free. */

export type MemoryFit = 'fits' | 'close' | 'over';

/** How far a real peak may lie from the estimate, as a share of it. */
const uncertainty = 0.15;

/** Both in bytes. */
export function memoryFit(estimated: number, free: number): MemoryFit {
  if (estimated > free) return 'over';
  return estimated * (1 + uncertainty) > free ? 'close' : 'fits';
}

/** Whether a run cannot work even where the estimate is as far above it as it may be. `most` is all that it can have, in bytes. */
export function cannotFit(estimated: number, most: number): boolean {
  return estimated * (1 - uncertainty) > most;
}
