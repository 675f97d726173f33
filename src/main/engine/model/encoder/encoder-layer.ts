/** One layer of an encoder: norm(x + attention(x)), and of that norm(· + feed-forward(·)) (Vaswani et al. 2017, arXiv:1706.03762). */
import * as o from '../../graph/ops/index.ts';
import { activated } from '../activations.ts';
import { unrouted, type LayerBody, type LinearLayer, type VectorShape } from '../architecture.ts';
import { attentionInputs } from '../layer-parts.ts';
import { layerNormOfSum, normAt, normShapes } from '../norms.ts';
import { shortName } from '../short-name.ts';
import type { EncoderConfig, EncoderTraits } from './traits.ts';

/** The six linear layers in the order of the forward pass, all with biases. */
export function encoderLinears(
  { hiddenSize: hidden, intermediateSize: inner }: EncoderConfig,
  { layer }: Pick<EncoderTraits, 'layer'>,
): LinearLayer[] {
  const all = Object.values(layer);
  const linear = (group: string, path: string, width: number, out: number): LinearLayer => {
    const name = shortName(path, all) ?? path;
    return { name, path, in: width, out, bias: true, group };
  };
  return [
    linear('qkv', layer.query, hidden, hidden),
    linear('qkv', layer.key, hidden, hidden),
    linear('qkv', layer.value, hidden, hidden),
    linear('attended', layer.attended, hidden, hidden),
    linear('inner', layer.inner, hidden, inner),
    linear('outer', layer.outer, inner, hidden),
  ];
}

/** Weights and biases of its two norms. */
export function encoderLayerVectors(
  { hiddenSize }: EncoderConfig,
  { layer }: Pick<EncoderTraits, 'layer'>,
): VectorShape[] {
  return [layer.attendedNorm, layer.outerNorm].flatMap((path) => normShapes(path, hiddenSize));
}

export function encoderLayer(
  config: EncoderConfig,
  { layer }: Pick<EncoderTraits, 'layer'>,
): LayerBody {
  const { activation, layerNormEps: eps } = config;
  return {
    beforeAttention: (at, x) =>
      attentionInputs(at, at.project('qkv', o.cast(x, at.dtype)), {
        ...{ config, scale: config.headDim ** -0.5, norms: null },
      }),
    afterAttention(at, x, attended) {
      const { fusion, dtype } = at;
      // A norm's gradient reads what it normed: the sums of products are kept, and their norms computed again.
      const added = at.project('attended', attended, 'summed');
      const middle = layerNormOfSum(fusion, [x, ...added], normAt(at, layer.attendedNorm, eps));
      const wide = at.project('inner', o.cast(middle, dtype), 'summed');
      const inner = activated(fusion, activation, wide, dtype);
      const outer = at.project('outer', inner, 'summed');
      return unrouted(layerNormOfSum(fusion, [middle, ...outer], normAt(at, layer.outerNorm, eps)));
    },
  };
}
