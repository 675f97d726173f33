/** How fast each parameter learns, relative to the run's learning rate. */
import type { BankLayout } from './layout.ts';

/**
 * [P]: 1, for B and DoRA's magnitudes the ratio of LoRA+ (Hayou et al. 2024, arXiv:2402.12354; magnitudes as in PEFT
 * `create_loraplus_optimizer`), 0 for frozen ranks.
 * @param ratios one for each adapter
 */
export function relativeLearningRates(layout: BankLayout, ratios: readonly number[]): Float32Array {
  const rates = new Float32Array(layout.size).fill(1);
  layout.adapters.forEach(({ slots }, adapter) => {
    const ratio = ratios[adapter] ?? 1;
    for (const { module, rank, frozenRank, a, b, m } of slots) {
      const learning = rank - frozenRank;
      rates.fill(0, a + learning * module.in, a + rank * module.in);
      for (let row = 0; row < module.out; row++) {
        const begin = b + row * rank;
        rates.fill(ratio, begin, begin + learning);
        rates.fill(0, begin + learning, begin + rank);
      }
      if (m !== null) rates.fill(ratio, m, m + module.out);
    }
  });
  return rates;
}
