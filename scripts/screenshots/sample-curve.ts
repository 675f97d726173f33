/** How the loss of a run of the pictures goes: computed, so that pictures of two days are the same. */
import type { StepPoint, ValidationPoint } from '../../src/shared/contract/run-points.ts';

/** It falls from `from` to `to`, to a third of the way in `fall` steps, with `noise` around it. Nats per token. */
export type Curve = { from: number; to: number; fall: number; noise: number };

const secondsPerStep = 2.05;
const tokensPerStep = 912;
const rate = 2e-4;

/** In [−1, 1], and for each step and seed another. */
function scatter(step: number, seed: number): number {
  const wild = Math.sin(step * 12.9898 + seed * 78.233) * 43758.5453;
  return 2 * (wild - Math.floor(wild)) - 1;
}

/** The first `steps` steps of `totalSteps`, with a validation after each tenth of them. `seed` tells the noise of two runs apart. */
export function sampleCurve(
  curve: Curve,
  steps: number,
  totalSteps: number,
  seed: number,
): { points: StepPoint[]; validations: ValidationPoint[] } {
  const at = (step: number) =>
    curve.to + (curve.from - curve.to) * Math.exp((-1.1 * step) / curve.fall);
  const points = Array.from({ length: steps }, (_, index): StepPoint => {
    const step = index + 1;
    const noise = scatter(step, seed) * curve.noise * (0.4 + at(step));
    return {
      ...{ step, totalSteps, epoch: (4 * step) / totalSteps, loss: at(step) + noise },
      learningRate: (rate / 2) * (1 + Math.cos((Math.PI * step) / totalSteps)),
      ...{ gradientNorm: 0.8 + 2 * at(step), tokens: tokensPerStep * step },
      ...{ tokensPerSecond: tokensPerStep / secondsPerStep, elapsedSeconds: secondsPerStep * step },
      secondsLeft: secondsPerStep * (totalSteps - step),
    };
  });
  const validations = points
    .filter(({ step }) => step % (totalSteps / 10) === 0)
    .map(({ step }): ValidationPoint => ({
      step,
      tokens: 3400,
      loss: 1.06 * at(step) + 0.01,
      report: null,
    }));
  return { points, validations };
}
