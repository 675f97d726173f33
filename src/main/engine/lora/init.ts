/** First values of A and B. */
import { createRandom } from '../random.ts';
import type { BankLayout } from './layout.ts';

/** A stream of the seed that nothing else uses. */
const initStream = 0x6c6f7261;

/**
 * PEFT's default: A uniform in ±1/√in (Kaiming uniform with a = √5), B = 0, so that ΔW starts at 0.
 * @param seeds one for each adapter
 * @returns [P] in the order of the layout
 */
export function initialParameters(layout: BankLayout, seeds: readonly number[]): Float32Array {
  const parameters = new Float32Array(layout.size);
  layout.adapters.forEach(({ modules }, adapter) => {
    const random = createRandom(seeds[adapter] ?? 0, initStream);
    for (const { module, rank, a } of modules) {
      const bound = 1 / Math.sqrt(module.in);
      for (let i = 0; i < rank * module.in; i++) {
        parameters[a + i] = (2 * random.uniform() - 1) * bound;
      }
    }
  });
  return parameters;
}
