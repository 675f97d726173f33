/** A whole estimate for tests, of which only some fields matter: 1000 bytes, 400 of them activations. */
import type { RunEstimate } from '../../src/shared/contract/estimates.ts';

export function estimateOf(over: Partial<RunEstimate>): RunEstimate {
  return {
    base: { form: 'dense', doubleQuant: false },
    aboutBase: [],
    memory: {
      totalBytes: 1000,
      runtimeBytes: 100,
      weightBytes: 300,
      adapterBytes: 200,
      activationBytes: 400,
    },
    freeMemoryBytes: 4000,
    refusal: null,
    totalSteps: 10,
    trainableParameters: 5,
    totalParameters: 100,
    pace: null,
    ...over,
  };
}
