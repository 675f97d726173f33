/** How a GGUF file stretches rotary positions. Keys: gguf-py's constants. */
import type { GgufValue } from './gguf-values.ts';
import type { RopeScaling } from './rope-scaling.ts';
import { writtenScaling } from './written-scaling.ts';

/** Holds LLaMA 3's rope scaling as factors. */
export const ropeFactorsName = 'rope_freqs.weight';

type Llama3 = Extract<RopeScaling, { type: 'llama3' }>;

/** What LLaMA 3.1 and later use; their GGUF files hold only the factors that follow from it. */
const llama3Constants: Omit<Llama3, 'factor'> = {
  type: 'llama3',
  lowFreqFactor: 1,
  highFreqFactor: 4,
  originalMaxPositionEmbeddings: 8192,
};

/**
 * The scaling of rotary positions, as a config.json says it; null where there is none.
 * @param factors LLaMA 3's, null where the file has none
 */
export function ggufRopeScaling(
  value: GgufValue,
  factors: Float32Array | null,
  theta: number,
  headDim: number,
): Record<string, unknown> | null {
  const type = value('rope.scaling.type') ?? 'none';
  const factor = value('rope.scaling.factor') ?? value('rope.scale_linear');
  if (factors !== null) {
    const factor = factors.reduce((most, each) => Math.max(most, each), 1);
    const scaling = { ...llama3Constants, factor };
    const expected = llama3Factors(scaling, theta, headDim);
    const known = factors.every((each, i) => {
      const wanted = expected[i] ?? NaN;
      return Math.abs(each - wanted) <= 1e-4 * wanted;
    });
    return known
      ? writtenScaling(scaling)
      : { rope_type: 'rope_freqs.weight with unknown factors' };
  }
  if (type === 'none' || (type === 'linear' && (factor === undefined || factor === 1))) {
    return typeof factor === 'number' && factor !== 1 ? { rope_type: 'linear', factor } : null;
  }
  return { rope_type: type, factor };
}

/** By how much LLaMA 3's scaling divides each frequency of a head, [headDim / 2]. */
export function llama3Factors(scaling: Llama3, theta: number, headDim: number): Float32Array {
  return Float32Array.from({ length: headDim / 2 }, (_, i) =>
    llama3Factor(scaling, theta ** ((2 * i) / headDim)),
  );
}

/**
 * By how much the frequency is divided whose inverse is `inverse`
 * (convert_hf_to_gguf.py, LlamaModel.generate_extra_tensors).
 */
function llama3Factor(
  { factor, lowFreqFactor: low, highFreqFactor: high, originalMaxPositionEmbeddings: old }: Llama3,
  inverse: number,
): number {
  const wavelength = 2 * Math.PI * inverse;
  if (wavelength < old / high) return 1;
  if (wavelength > old / low) return factor;
  const smooth = (old / wavelength - low) / (high - low);
  return 1 / ((1 - smooth) / factor + smooth);
}
