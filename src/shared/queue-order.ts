/** The order of the queue: places are numbers, of which the lower goes first. */
import type { RunRecord } from './contract/records.ts';

export type Placed = { readonly id: number; readonly order: number };

/** Lower numbers first, and of two with the same the older one: runs that are trained at once have one place. */
export function inOrder<T extends Placed>(placed: readonly T[]): T[] {
  return placed.toSorted((one, other) => one.order - other.order || one.id - other.id);
}

export function placed<T extends Pick<RunRecord, 'id' | 'queueOrder'>>(
  runs: readonly T[],
): (Placed & { run: T })[] {
  return runs.map((run) => ({ id: run.id, order: run.queueOrder ?? 0, run }));
}

/** Runs that wait, in their order. */
export function runsInOrder<T extends Pick<RunRecord, 'id' | 'queueOrder'>>(
  runs: readonly T[],
): T[] {
  return inOrder(placed(runs)).map(({ run }) => run);
}
