/** How a config.json stretches rotary positions, in the classic keys and in those of transformers 5. */
import { z } from 'zod';

/**
 * `linear`: positions are divided by `factor`. `llama3`: each frequency is kept, divided by `factor`, or
 * something between, by its wavelength (transformers `modeling_rope_utils._compute_llama3_parameters`).
 */
export type RopeScaling =
  | { type: 'linear'; factor: number }
  | {
      type: 'llama3';
      factor: number;
      lowFreqFactor: number;
      highFreqFactor: number;
      originalMaxPositionEmbeddings: number;
    };

const linear = z.object({ factor: z.number().positive() });
const llama3 = z.object({
  factor: z.number().positive(),
  low_freq_factor: z.number().positive(),
  high_freq_factor: z.number().positive(),
  original_max_position_embeddings: z.number().positive(),
});

/**
 * The base and the scaling that a config.json asks for; what is not supported is named, not thrown. A `rope_theta` inside of
 * the scaling wins over the one beside it, as in transformers 5.
 * @param defaultTheta the base where none is named
 */
export function ropeScalingOf(
  json: Readonly<Record<string, unknown>>,
  defaultTheta: number,
): {
  theta: number;
  scaling: RopeScaling | null;
  unsupported: string[];
} {
  const parameters = objectOf(json['rope_parameters']);
  const settings = objectOf(json['rope_scaling']) ?? parameters ?? {};
  const theta =
    settings['rope_theta'] ?? parameters?.['rope_theta'] ?? json['rope_theta'] ?? defaultTheta;
  const type = settings['rope_type'] ?? settings['type'] ?? 'default';
  const unsupported: string[] = [];
  if (typeof theta !== 'number' || !(theta > 1) || !Number.isFinite(theta)) {
    return {
      theta: defaultTheta,
      scaling: null,
      unsupported: [`rope_theta ${JSON.stringify(theta)}`],
    };
  }
  const partial = settings['partial_rotary_factor'] ?? 1;
  if (partial !== 1) unsupported.push(`partial_rotary_factor ${JSON.stringify(partial)}`);
  if (type === 'default') return { theta, scaling: null, unsupported };
  if (type === 'linear') {
    const fields = linear.safeParse(settings);
    if (fields.success) {
      return { theta, scaling: { type: 'linear', factor: fields.data.factor }, unsupported };
    }
  }
  if (type === 'llama3') {
    const fields = llama3.safeParse(settings);
    if (fields.success) {
      const scaling: RopeScaling = {
        type: 'llama3',
        factor: fields.data.factor,
        lowFreqFactor: fields.data.low_freq_factor,
        highFreqFactor: fields.data.high_freq_factor,
        originalMaxPositionEmbeddings: fields.data.original_max_position_embeddings,
      };
      return { theta, scaling, unsupported };
    }
  }
  unsupported.push(`rope scaling ${JSON.stringify(settings)}`);
  return { theta, scaling: null, unsupported };
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
