/** AdamW with clipping by the global gradient norm, for one adapter's part of the parameter vector. */
import { namedIsland, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';

/** torch.optim.AdamW's defaults. */
export const adamW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** All float32 [P]. */
export type AdamWState = { parameters: Tensor; firstMoment: Tensor; secondMoment: Tensor };

/** Scalars of this step: learning rate, and the bias corrections 1 − β1ᵗ and 1 − β2ᵗ. */
export type AdamWStep = { learningRate: Tensor; correction1: Tensor; correction2: Tensor };

export type AdamWSettings = { weightDecay: number; maxGradNorm: number };

/**
 * One update (Loshchilov & Hutter 2019, arXiv:1711.05101, as in torch.optim.AdamW) after
 * torch.nn.utils.clip_grad_norm_. Also gives the gradient's norm before clipping.
 * @param gradient float32 [P]
 * @param relativeRates float32 [P]: what the learning rate is multiplied with for each parameter; 0 never learns
 */
export function adamWUpdate(
  fusion: Fusion,
  state: AdamWState,
  gradient: Tensor,
  relativeRates: Tensor,
  step: AdamWStep,
  settings: AdamWSettings,
): AdamWState & { gradientNorm: Tensor } {
  const learns = o.cast(o.less(0, relativeRates), 'float32');
  const learning = o.mul(gradient, learns);
  const gradientNorm = o.sqrt(o.mul(o.halfSquaredNorm(learning), 2));
  const clip =
    settings.maxGradNorm > 0
      ? o.minimum(o.div(settings.maxGradNorm, o.add(gradientNorm, 1e-6)), 1)
      : o.floats(gradient.node.scope, [1], []);
  const inputs = { ...state, gradient: learning, relativeRates, clip, ...step };
  const [parameters, firstMoment, secondMoment] = namedIsland(fusion, 'adamw', inputs, (x) => {
    const g = o.mul(x.gradient, x.clip);
    const m = o.add(o.mul(x.firstMoment, adamW.beta1), o.mul(g, 1 - adamW.beta1));
    const v = o.add(o.mul(x.secondMoment, adamW.beta2), o.mul(o.mul(g, g), 1 - adamW.beta2));
    const denominator = o.add(o.div(o.sqrt(v), o.sqrt(x.correction2)), adamW.epsilon);
    const rate = o.mul(x.relativeRates, x.learningRate);
    const decayed = o.mul(x.parameters, o.sub(1, o.mul(rate, settings.weightDecay)));
    return [o.sub(decayed, o.mul(o.div(rate, x.correction1), o.div(m, denominator))), m, v];
  });
  return {
    parameters: present(parameters),
    firstMoment: present(firstMoment),
    secondMoment: present(secondMoment),
    gradientNorm,
  };
}
