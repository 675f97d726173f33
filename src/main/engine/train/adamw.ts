/** AdamW with clipping by the global gradient norm, for one adapter's part of the parameter vector. */
import { namedIsland, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';

/** torch.optim.AdamW's defaults. */
export const adamW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** All float32 [P]. */
export type AdamWState = { parameters: Tensor; firstMoment: Tensor; secondMoment: Tensor };

/** Of this step: learning rate, the bias corrections 1 − β1ᵗ and 1 − β2ᵗ, and whether anything changes at all (bool). */
export type AdamWStep = {
  learningRate: Tensor;
  correction1: Tensor;
  correction2: Tensor;
  applies: Tensor;
};

export type AdamWSettings = { weightDecay: number; maxGradNorm: number };

/** What an adapter learns from, float32 [P]: frozen parameters have none. */
export type LearningGradient = { values: Tensor; norm: Tensor; relativeRates: Tensor };

/**
 * @param gradient float32 [P]
 * @param relativeRates float32 [P]: what the learning rate is multiplied with for each parameter; 0 never learns
 */
export function learningGradient(gradient: Tensor, relativeRates: Tensor): LearningGradient {
  const learns = o.cast(o.less(0, relativeRates), 'float32');
  const values = o.mul(gradient, learns);
  return { values, norm: o.sqrt(o.mul(o.halfSquaredNorm(values), 2)), relativeRates };
}

/**
 * One update (Loshchilov & Hutter 2019, arXiv:1711.05101, as in torch.optim.AdamW) after
 * torch.nn.utils.clip_grad_norm_.
 */
export function adamWUpdate(
  fusion: Fusion,
  state: AdamWState,
  { values: gradient, norm, relativeRates }: LearningGradient,
  step: AdamWStep,
  settings: AdamWSettings,
): AdamWState {
  const clip =
    settings.maxGradNorm > 0
      ? o.minimum(o.div(settings.maxGradNorm, o.add(norm, 1e-6)), 1)
      : o.floats(gradient.node.scope, [1], []);
  const inputs = { ...state, gradient, relativeRates, clip, ...step };
  const [parameters, firstMoment, secondMoment] = namedIsland(fusion, 'adamw', inputs, (x) => {
    const g = o.mul(x.gradient, x.clip);
    const m = o.add(o.mul(x.firstMoment, adamW.beta1), o.mul(g, 1 - adamW.beta1));
    const v = o.add(o.mul(x.secondMoment, adamW.beta2), o.mul(o.mul(g, g), 1 - adamW.beta2));
    const denominator = o.add(o.div(o.sqrt(v), o.sqrt(x.correction2)), adamW.epsilon);
    const rate = o.mul(x.relativeRates, x.learningRate);
    const decayed = o.mul(x.parameters, o.sub(1, o.mul(rate, settings.weightDecay)));
    const updated = o.sub(decayed, o.mul(o.div(rate, x.correction1), o.div(m, denominator)));
    return [
      o.where(x.applies, updated, x.parameters),
      o.where(x.applies, m, x.firstMoment),
      o.where(x.applies, v, x.secondMoment),
    ];
  });
  return {
    parameters: present(parameters),
    firstMoment: present(firstMoment),
    secondMoment: present(secondMoment),
  };
}
