/** One layer of a decoder: x + attention(norm(x)), and to that + feed-forward(norm(·)). */
import { keepable } from '../../graph/gradients/keep.ts';
import type { Tensor } from '../../graph/node.ts';
import { unrouted, type LayerBody, type LayerContext, type VectorShape } from '../architecture.ts';
import {
  attentionInputs,
  gatedUnit,
  residual,
  residualNorm,
  rmsNorm,
  type BlockOutput,
  type HeadOptions,
} from '../layer-parts.ts';
import { expertBlock } from './expert-block.ts';
import type { DecoderConfig, LayerTraits } from './traits.ts';

const attentionNorm = 'input_layernorm.weight';
const queryNorm = 'self_attn.q_norm.weight';
const keyNorm = 'self_attn.k_norm.weight';

/** The norms around the feed-forward block, and the one behind attention, where a family has it. */
function blockNorms({ blockNorms: all }: LayerTraits) {
  return all
    ? {
        afterAttention: 'post_attention_layernorm.weight',
        feedForward: 'pre_feedforward_layernorm.weight',
        afterFeedForward: 'post_feedforward_layernorm.weight',
      }
    : {
        afterAttention: null,
        feedForward: 'post_attention_layernorm.weight',
        afterFeedForward: null,
      };
}

/** The weights of its norms. */
export function layerVectors(
  { hiddenSize, headDim, numAttentionHeads, numKeyValueHeads }: DecoderConfig,
  traits: LayerTraits,
): VectorShape[] {
  const norms = blockNorms(traits);
  const together = traits.headNorms === 'together';
  const ofHeads = [
    { path: queryNorm, shape: [together ? numAttentionHeads * headDim : headDim] },
    { path: keyNorm, shape: [together ? numKeyValueHeads * headDim : headDim] },
  ];
  const outer = [norms.afterAttention, norms.feedForward, norms.afterFeedForward];
  return [
    ...[attentionNorm].map((path) => ({ path, shape: [hiddenSize] })),
    ...(traits.headNorms ? ofHeads : []),
    ...outer.flatMap((path) => (path === null ? [] : [{ path, shape: [hiddenSize] }])),
  ].map((each) => (traits.plusOne ? { ...each, offset: 1 } : each));
}

export function decoderLayer(config: DecoderConfig, traits: LayerTraits): LayerBody {
  const eps = config.rmsNormEps;
  const norms = blockNorms(traits);
  const normsOf = (at: LayerContext): HeadOptions['norms'] =>
    traits.headNorms && {
      ...{ q: at.vector(queryNorm), k: at.vector(keyNorm), eps },
      over: traits.headNorms,
    };
  /** A sum that is normed is worth keeping: its gradient reads it. */
  const output = (at: LayerContext, group: string, x: Tensor, norm: string | null): BlockOutput =>
    norm === null
      ? { terms: at.project(group, x), norm: null }
      : { terms: at.project(group, x, 'summed'), norm: at.vector(norm) };
  return {
    beforeAttention(at, x) {
      const normed = rmsNorm(at.fusion, x, at.vector(attentionNorm), eps, at.dtype);
      const { clip, queryScalar } = config;
      const heads = { config, scale: queryScalar ** -0.5, norms: normsOf(at), clip };
      return attentionInputs(at, at.project('qkv', normed), heads);
    },
    afterAttention(at, x, attended) {
      const { fusion, dtype } = at;
      const added = output(at, 'o', attended, norms.afterAttention);
      const weight = at.vector(norms.feedForward);
      const [sum, normed] = residualNorm(fusion, x, added, weight, eps, dtype);
      // Keep both: recomputing either repeats the product with o.
      const stream = keepable(sum);
      const { experts } = config;
      if (experts?.layers[at.layer]) {
        const { terms, routed } = expertBlock(at, experts, traits, keepable(normed));
        return { stream: residual(fusion, stream, { terms, norm: null }, eps), routed };
      }
      // Gate and up make the widest tensor of the layer: keep the sum, not its terms.
      const gateUp = at.project('gate_up', keepable(normed), 'summed');
      const gated = gatedUnit(fusion, gateUp, traits.activation, dtype);
      const block = output(at, 'down', gated, norms.afterFeedForward);
      return unrouted(residual(fusion, stream, block, eps));
    },
  };
}
