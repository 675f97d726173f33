/** The scaling of rotary positions in the classic keys of config.json. */
import type { JsonObject } from './family.ts';
import type { RopeScaling } from './rope-scaling.ts';

export function writtenScaling(scaling: RopeScaling | null): JsonObject | null {
  if (scaling === null) return null;
  if (scaling.type === 'linear') return { rope_type: 'linear', factor: scaling.factor };
  if (scaling.type === 'longrope') {
    // Transformers 4 takes these three keys and no more; the factor follows from the lengths beside them.
    return {
      type: 'longrope',
      short_factor: scaling.shortFactors,
      long_factor: scaling.longFactors,
      ...(scaling.namedFactor ? { attention_factor: scaling.attentionFactor } : {}),
    };
  }
  return {
    rope_type: 'llama3',
    factor: scaling.factor,
    low_freq_factor: scaling.lowFreqFactor,
    high_freq_factor: scaling.highFreqFactor,
    original_max_position_embeddings: scaling.originalMaxPositionEmbeddings,
  };
}
