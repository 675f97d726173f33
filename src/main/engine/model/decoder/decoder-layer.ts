/** One layer of a decoder: x + attention(norm(x)), and to that + feed-forward(norm(·)). */
import { keepable } from '../../graph/gradients/keep.ts';
import type { LayerBody, LayerContext, VectorShape } from '../architecture.ts';
import {
  attentionInputs,
  residual,
  residualNorm,
  rmsNorm,
  swiGlu,
  type HeadOptions,
} from '../layer-parts.ts';
import type { DecoderConfig, DecoderTraits } from './traits.ts';

const inputNorm = 'input_layernorm.weight';
const postAttentionNorm = 'post_attention_layernorm.weight';
const queryNorm = 'self_attn.q_norm.weight';
const keyNorm = 'self_attn.k_norm.weight';

type LayerTraits = Pick<DecoderTraits, 'headNorms'>;

/** The weights of its norms. */
export function layerVectors(
  { hiddenSize, headDim }: DecoderConfig,
  { headNorms }: LayerTraits,
): VectorShape[] {
  const ofHeads = [queryNorm, keyNorm].map((path) => ({ path, shape: [headDim] }));
  return [
    { path: inputNorm, shape: [hiddenSize] },
    ...(headNorms ? ofHeads : []),
    { path: postAttentionNorm, shape: [hiddenSize] },
  ];
}

export function decoderLayer(config: DecoderConfig, { headNorms }: LayerTraits): LayerBody {
  const eps = config.rmsNormEps;
  const normsOf = (at: LayerContext): HeadOptions['norms'] =>
    headNorms ? { q: at.vector(queryNorm), k: at.vector(keyNorm), eps } : null;
  return {
    beforeAttention(at, x) {
      const normed = rmsNorm(at.fusion, x, at.vector(inputNorm), eps, at.dtype);
      return attentionInputs(at, at.project('qkv', normed), { config, norms: normsOf(at) });
    },
    afterAttention(at, x, attended) {
      const { fusion, dtype } = at;
      const added = at.project('o', attended);
      const weight = at.vector(postAttentionNorm);
      const [sum, normed] = residualNorm(fusion, x, added, weight, eps, dtype);
      // Keep both: recomputing either repeats the product with o.
      const stream = keepable(sum);
      // Gate and up make the widest tensor of the layer: keep the sum, not its terms.
      const gateUp = at.project('gate_up', keepable(normed), 'summed');
      const gated = swiGlu(fusion, gateUp, dtype);
      return residual(fusion, stream, at.project('down', gated));
    },
  };
}
