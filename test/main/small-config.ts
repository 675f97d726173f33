/** The configuration of a run, for tests that do not care what is in it. */
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../src/shared/contract/training-defaults.ts';

/** A run of `steps` steps on files that need not exist. */
export function smallConfig(steps = 3): TrainingConfig {
  return {
    ...trainingDefaults,
    name: 'small',
    model: '/models/small.gguf',
    data: '/data/small.jsonl',
    validation: { kind: 'none' },
    duration: { kind: 'steps', steps },
  };
}
