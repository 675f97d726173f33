/** How far rounding can take a result: what numeric bounds of tests follow from. */

/** Unit roundoff: half the distance from 1 to the next number of the type. */
export const unit = { bfloat16: 2 ** -8, float32: 2 ** -24, float64: 2 ** -53 } as const;

/**
 * γₙ: n roundings one upon another change a number by at most this part of it (Higham, "Accuracy and Stability of Numerical
 * Algorithms", 2002, lemma 3.1). A sum of n products, in any order and with or without fused multiplication, is therefore within
 * γₙ · Σ|xᵢ·yᵢ| of the exact one (his section 3.1), and a sum of numbers of one sign within γₙ of itself.
 */
export function gamma(roundings: number, type: keyof typeof unit = 'float32'): number {
  const sum = roundings * unit[type];
  return sum / (1 - sum);
}
