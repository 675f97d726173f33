/** Which of the runs that are trained together end at a rung of successive halving. */
import { rungOf } from '../../../shared/halving.ts';

/** A run that has steps before it. */
export type Contender = {
  adapter: number;
  /** Of its best validation so far; Infinity before the first. */
  loss: number;
  /** The share of its steps that were done at its last validation. */
  validated: number;
};

/**
 * The adapters of the worse half, none before all contenders were validated at the rung or after it. Of equal losses the earlier
 * adapter's is the better one.
 */
export function worseHalf(contenders: readonly Contender[]): number[] {
  const rung = rungOf(contenders.length);
  if (rung === null || contenders.some(({ validated }) => validated < rung.share)) return [];
  return contenders
    .toSorted((a, b) => a.loss - b.loss || a.adapter - b.adapter)
    .slice(rung.keep)
    .map(({ adapter }) => adapter)
    .sort((a, b) => a - b);
}
