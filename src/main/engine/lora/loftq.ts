/** LoftQ's start: an adapter on a quantised base begins with what quantising took from the weights. */
import { Factoriser } from './factors.ts';
import type { AdapterSlots, Slot } from './layout.ts';
import { squaredNorm, squaredRowLengths } from './row-lengths.ts';

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
      if (slot.m !== null) parameters.set(rowLengths(weight, a, b, slot), slot.m);
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

/** Of W_q + scaling · B·A. */
function rowLengths(
  weight: Float32Array,
  a: Float32Array,
  b: Float32Array,
  { module: { in: inputs, out }, rank, scaling }: Slot,
): Float64Array {
  const sum = Float32Array.from(weight);
  for (let row = 0; row < out; row++) {
    for (let k = 0; k < rank; k++) {
      const factor = scaling * (b[row * rank + k] ?? NaN);
      for (let i = 0; i < inputs; i++) {
        const at = row * inputs + i;
        sum[at] = (sum[at] ?? NaN) + factor * (a[k * inputs + i] ?? NaN);
      }
    }
  }
  return squaredRowLengths(sum, out).map(Math.sqrt);
}
