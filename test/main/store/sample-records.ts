/** Records as the engine would give them, for tests of the store. */
import { inEveryLayer } from '../../support/plain-module.ts';
import type { ModelDescription } from '../../../src/shared/contract/records.ts';
import type { HealthPoint, StepPoint } from '../../../src/shared/contract/run-points.ts';

export const description: ModelDescription = {
  format: 'gguf',
  architecture: 'llama',
  parameters: 134_515_008,
  layers: 30,
  hiddenSize: 576,
  vocabSize: 49_152,
  contextLength: 8192,
  storedAs: ['Q4_1', 'Q8_0', 'F32'],
  fileBytes: 98_000_000,
  modules: [
    {
      name: 'q_proj',
      path: 'model.layers.{layer}.self_attn.q_proj',
      in: 576,
      out: 576,
      ...inEveryLayer,
    },
  ],
  hasChatTemplate: true,
  tasks: ['causal-lm', 'sequence-classification'],
  labels: null,
};

/** The point of one step out of ten. */
export function point(step: number): StepPoint {
  return {
    step,
    totalSteps: 10,
    epoch: step / 10,
    loss: 3 / step + 0.1,
    learningRate: 2e-4,
    gradientNorm: 0.123456789012345,
    tokens: 512 * step,
    tokensPerSecond: 371.25,
    elapsedSeconds: step * 1.5,
    secondsLeft: (10 - step) * 1.5,
  };
}

/** The health after a step, with a figure that is no number and an alarm. */
export function health(step: number): HealthPoint {
  const well = { normA: 1.5, normB: 0.01 * step, deltaRatio: 1.2345e-5, gradientNorm: 0.25 };
  return {
    step,
    modules: [
      { layer: 0, module: 'q_proj', ...well },
      { layer: 1, module: 'down_proj', ...well, gradientNorm: null },
    ],
    alarms: [{ code: 'health/not-finite', what: 'What.', where: 'down_proj', next: 'Next.' }],
    experts: [{ layer: 1, shares: [0.25, 0.75, 0] }],
    imbalance: 1.25,
  };
}
