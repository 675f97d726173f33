/** One layer: x + attention(norm(x)), and to that, or at once, + feed-forward(norm(·)). */
import { keepable } from '../../graph/gradients/keep.ts';
import type { Tensor } from '../../graph/node.ts';
import { activated } from '../activations.ts';
import { unrouted, type LayerBody, type LayerContext } from '../architecture.ts';
import { attentionInputs, residual } from '../layer-parts.ts';
import { layerNorm, normAt, residualLayerNorm } from '../norms.ts';
import type { GptConfig, GptTraits } from './traits.ts';

export function gptLayer(config: GptConfig, { names, byHead }: GptTraits): LayerBody {
  const { activation, layerNormEps: eps, headDim } = config;
  /** Its output as terms. The sum before the activation is the widest tensor of the layer: keep it, not its terms. */
  const feedForward = (at: LayerContext, normed: Tensor) => {
    const up = at.project('up', keepable(normed), 'summed');
    return at.project('down', activated(at.fusion, activation, up, at.dtype));
  };
  return {
    beforeAttention(at, x) {
      const normed = layerNorm(at.fusion, x, normAt(at, names.attentionNorm, eps), at.dtype);
      const heads = { config, scale: headDim ** -0.5, norms: null, byHead };
      return attentionInputs(at, at.project('qkv', normed), heads);
    },
    afterAttention(at, x, attended) {
      const added = at.project('o', attended);
      const before = normAt(at, names.feedForwardNorm, eps);
      if (config.parallel) {
        const terms = [...added, ...feedForward(at, layerNorm(at.fusion, x, before, at.dtype))];
        return unrouted(residual(at.fusion, x, { terms, norm: null }, eps));
      }
      const [stream, normed] = residualLayerNorm(at.fusion, x, added, before, at.dtype);
      // Keep it: recomputing it repeats the product with o.
      const kept = keepable(stream);
      const block = { terms: feedForward(at, normed), norm: null };
      return unrouted(residual(at.fusion, kept, block, eps));
    },
  };
}
