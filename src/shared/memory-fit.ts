/** Whether a run fits into what is free. */

export type MemoryFit = 'fits' | 'close' | 'over';

/** How far a real peak may lie above the estimate, as a share of it. */
const uncertainty = 0.15;

/** Both in bytes. */
export function memoryFit(estimated: number, free: number): MemoryFit {
  if (estimated > free) return 'over';
  return estimated * (1 + uncertainty) > free ? 'close' : 'fits';
}
