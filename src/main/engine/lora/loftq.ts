/** LoftQ's start: an adapter on a quantised base begins with what quantising took from the weights. */
import { Factoriser } from './factors.ts';
import { changedRowLengths } from './changed-row-lengths.ts';
import type { AdapterSlots } from './layout.ts';
import { squaredNorm } from './row-lengths.ts';

/** A base matrix [out, in] by the path of its module. */
export type MatrixOf = (path: string) => Float32Array;

/** 1 − ‖W − W_q − scaling · B·A‖ / ‖W − W_q‖ (Frobenius): the share of the error of quantising that the start makes up for. */
export type ErrorShare = {
  /** Over all modules that are quantised. */
  all: number;
  least: { path: string; share: number };
  most: { path: string; share: number };
};

/**
 * Sets A and B to the best approximation of (W − W_q) / scaling of their rank, and DoRA's magnitudes to the row lengths of
 * W_q + scaling · B·A (Li et al. 2023, arXiv:2310.08659, with one iteration: the base stays as it is, as in PEFT's
 * `replace_lora_weights_loftq`, which knows no scaling). A module whose matrix is not quantised keeps its start. Null where none is.
 * @param parameters [P] with another start, changed here
 * @param held W_q, which is trained on
 * @param original W
 */
export function loftqStart(
  parameters: Float32Array,
  { slots }: AdapterSlots,
  held: MatrixOf,
  original: MatrixOf,
): ErrorShare | null {
  const factoriser = new Factoriser('pissa');
  const shares: ErrorShare['most'][] = [];
  let [whole, left] = [0, 0];
  try {
    for (const slot of slots) {
      const { path, module, rank, scaling } = slot;
      const weight = held(path);
      const error = original(path).map((value, i) => value - (weight[i] ?? NaN));
      const squared = squaredNorm(error, 0, error.length);
      if (squared === 0) continue;
      const size = { out: module.out, in: module.in, rank, scaling };
      const { a, b, leftSquared } = factoriser.factors(error, size);
      parameters.set(a, slot.a);
      parameters.set(b, slot.b);
      if (slot.m !== null) parameters.set(changedRowLengths(weight, { a, b }, slot), slot.m);
      whole += squared;
      left += leftSquared;
      shares.push({ path, share: shareOf(leftSquared, squared) });
    }
  } finally {
    factoriser.dispose();
  }
  shares.sort((one, other) => one.share - other.share);
  const [least, most] = [shares[0], shares.at(-1)];
  return least && most ? { all: shareOf(left, whole), least, most } : null;
}

function shareOf(left: number, whole: number): number {
  return 1 - Math.sqrt(left / whole);
}
