/** AdamW with clipping by the global gradient norm, for one adapter's part of the parameter vector. */
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';

/** torch.optim.AdamW's defaults. */
export const adamW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

export type AdamWState = { parameters: Tensor; firstMoment: Tensor; secondMoment: Tensor };

/** Scalars of this step: learning rate, and the bias corrections 1 − β1ᵗ and 1 − β2ᵗ. */
export type AdamWStep = { learningRate: Tensor; correction1: Tensor; correction2: Tensor };

/**
 * One update (Loshchilov & Hutter 2019, arXiv:1711.05101, as in torch.optim.AdamW) after
 * torch.nn.utils.clip_grad_norm_. All state and the gradient are float32 [P]; also gives the gradient's norm before clipping.
 */
export function adamWUpdate(
  fusion: Fusion,
  state: AdamWState,
  gradient: Tensor,
  step: AdamWStep,
  settings: { weightDecay: number; maxGradNorm: number },
): AdamWState & { gradientNorm: Tensor } {
  const gradientNorm = o.sqrt(o.mul(o.halfSquaredNorm(gradient), 2));
  const clip =
    settings.maxGradNorm > 0
      ? o.minimum(o.div(settings.maxGradNorm, o.add(gradientNorm, 1e-6)), 1)
      : o.floats(gradient.node.scope, [1], []);
  const inputs = [
    state.parameters,
    state.firstMoment,
    state.secondMoment,
    gradient,
    clip,
    step.learningRate,
    step.correction1,
    step.correction2,
  ];
  const [parameters, firstMoment, secondMoment] = island(fusion, 'adamw', inputs, (given) => {
    const [p, m0, v0, g0, scale, rate, c1, c2] = eight(given);
    const g = o.mul(g0, scale);
    const m = o.add(o.mul(m0, adamW.beta1), o.mul(g, 1 - adamW.beta1));
    const v = o.add(o.mul(v0, adamW.beta2), o.mul(o.mul(g, g), 1 - adamW.beta2));
    const denominator = o.add(o.div(o.sqrt(v), o.sqrt(c2)), adamW.epsilon);
    const decayed = o.mul(p, o.sub(1, o.mul(rate, settings.weightDecay)));
    return [o.sub(decayed, o.mul(o.div(rate, c1), o.div(m, denominator))), m, v];
  });
  return {
    parameters: present(parameters),
    firstMoment: present(firstMoment),
    secondMoment: present(secondMoment),
    gradientNorm,
  };
}

type Eight = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];

function eight([a, b, c, d, e, f, g, h]: readonly Tensor[]): Eight {
  return [
    present(a),
    present(b),
    present(c),
    present(d),
    present(e),
    present(f),
    present(g),
    present(h),
  ];
}
