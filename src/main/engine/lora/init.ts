/** First values of A, B and DoRA's magnitudes. */
import type { Initialisation } from '../../../shared/contract/training-config.ts';
import { createRandom, type Random } from '../random.ts';
import type { BankLayout, Slot } from './layout.ts';
import { Factoriser } from './factors.ts';
import { squaredRowLengths } from './row-lengths.ts';

/** A stream of the seed that nothing else uses. */
const initStream = 0x6c6f7261;

export type AdapterStart = { init: Initialisation; seed: number };

/**
 * [P] in the order of the layout. LoftQ begins like 'default', and `loftqStart` goes over it.
 * @param starts one for each adapter
 * @param weightOf the base matrix [out, in] of a module path; asked for only where the start depends on it
 */
export function initialParameters(
  layout: BankLayout,
  starts: readonly AdapterStart[],
  weightOf: (path: string) => Float32Array,
): Float32Array {
  const parameters = new Float32Array(layout.size);
  layout.adapters.forEach(({ slots }, adapter) => {
    const { init, seed } = starts[adapter] ?? { init: 'default', seed: 0 };
    const random = createRandom(seed, initStream);
    const factoriser = init === 'pissa' || init === 'olora' ? new Factoriser(init) : null;
    try {
      for (const slot of slots) {
        if (factoriser) takeOut(parameters, slot, factoriser, weightOf(slot.path));
        else randomA(parameters, slot, init, random);
        if (slot.m !== null) {
          const squares = squaredRowLengths(weightOf(slot.path), slot.module.out);
          parameters.set(squares.map(Math.sqrt), slot.m);
        }
      }
    } finally {
      factoriser?.dispose();
    }
  });
  return parameters;
}

/**
 * B = 0, so that ΔW starts at 0. 'default': A uniform in ±1/√in (PEFT's Kaiming uniform with a = √5); 'gaussian': normal
 * with deviation 1 / rank.
 */
function randomA(
  parameters: Float32Array,
  { module, rank, a }: Slot,
  init: Initialisation,
  random: Random,
): void {
  const bound = 1 / Math.sqrt(module.in);
  const draw =
    init === 'gaussian' ? () => random.normal() / rank : () => (2 * random.uniform() - 1) * bound;
  for (let i = 0; i < rank * module.in; i++) parameters[a + i] = draw();
}

/** The learning ranks start as A₀ and B₀, the frozen ones hold A₀ and −B₀: together 0 (PEFT `subtract_mutated_init`). */
function takeOut(
  parameters: Float32Array,
  { module, rank, frozenRank, scaling, a, b }: Slot,
  factoriser: Factoriser,
  weight: Float32Array,
): void {
  const size = { out: module.out, in: module.in, rank: frozenRank, scaling };
  const factors = factoriser.factors(weight, size);
  parameters.set(factors.a, a);
  parameters.set(factors.a, a + (rank - frozenRank) * module.in);
  for (let row = 0; row < module.out; row++) {
    for (let i = 0; i < frozenRank; i++) {
      const value = factors.b[row * frozenRank + i] ?? 0;
      parameters[b + row * rank + i] = value;
      parameters[b + row * rank + (rank - frozenRank) + i] = -value;
    }
  }
}
