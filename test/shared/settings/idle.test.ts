/** Settings of which nothing would come are told from those that have their effect. */
import { describe, expect, test } from 'vitest';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';
import { idleSetting } from '../../../src/shared/settings/idle.ts';

const config: TrainingConfig = {
  ...trainingDefaults,
  ...{ name: '', model: 'm', data: 'd', validation: { kind: 'none' } },
};
const validated: Partial<TrainingConfig> = { validation: { kind: 'split', fraction: 0.5 } };
const classifies: Partial<TrainingConfig> = { task: 'sequence-classification' };
const uncheckpointed: Partial<TrainingConfig> = { checkpointEvery: 0, checkpointMinutes: 0 };

describe('of these nothing would come', () => {
  test.each<[Partial<TrainingConfig>, string, string]>([
    [{ validateEvery: 2 }, 'validate-every', 'no validation data'],
    [{ patience: 2 }, 'patience', 'no validation data'],
    [{ leastImprovement: 0.5 }, 'least-improvement', 'no patience'],
    [{ ...validated, leastImprovement: 0.5 }, 'least-improvement', 'no patience'],
    [{ ...uncheckpointed, keepCheckpoints: 3 }, 'keep-checkpoints', 'neither by steps nor by minutes'],
    [{ doubleQuant: true, base: 'dense' }, 'double-quant', 'not held as NF4'],
    [{ problem: 'regression' }, 'problem', 'the task is Answers'],
    [{ ...classifies, thinking: 'on' }, 'thinking', 'the task is Classification'],
  ])('%j', (change, flag, lacks) => {
    const idle = idleSetting({ ...config, ...change });
    expect(idle).toMatchObject({ flag, lacks: expect.stringContaining(lacks) as unknown });
  });
});

describe('these have their effect, or nobody asked for them', () => {
  test.each<Partial<TrainingConfig>>([
    {},
    validated,
    classifies,
    uncheckpointed,
    { ...validated, validateEvery: 2, patience: 1, leastImprovement: 0.5 },
    { keepCheckpoints: 3 },
    { ...uncheckpointed, checkpointEvery: 1, keepCheckpoints: 3 },
    { doubleQuant: true },
    { ...classifies, problem: 'regression' },
    { warmupSteps: 5, scheduler: 'constant' },
    // The model tells whether it has experts.
    { routerLoss: 0.5 },
  ])('%j', (change) => {
    expect(idleSetting({ ...config, ...change })).toBeNull();
  });
});
