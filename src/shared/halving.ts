/**
 * Successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943): runs that are trained together begin at once, and whenever they
 * have done a share of their steps the worse half of them ends, so that most of the time goes to those that learn best.
 */

/** `share` of the steps after which the worse ones end; `keep` of them go on. */
export type Rung = { share: number; keep: number };

/** The next rung of so many runs; null for one by itself. Each is at twice the share of the one before, the last at half of the steps. */
export function rungOf(runs: number): Rung | null {
  if (runs < 2) return null;
  return { share: 2 ** -Math.ceil(Math.log2(runs)), keep: Math.ceil(runs / 2) };
}
