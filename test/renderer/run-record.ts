/** A whole run record for tests, of which only some fields matter. */
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { trainingDefaults } from '../../src/shared/contract/training-defaults.ts';

export function runOf(over: Partial<RunRecord>): RunRecord {
  return {
    id: 1,
    name: 'a run',
    state: 'finished',
    config: {
      ...trainingDefaults,
      name: 'a run',
      model: '/models/a.gguf',
      data: '/data/train.jsonl',
      validation: { kind: 'none' },
    },
    createdAt: 0,
    startedAt: 0,
    finishedAt: 60_000,
    step: 10,
    totalSteps: 10,
    lastLoss: 1,
    lastValidationLoss: null,
    trainableParameters: null,
    totalParameters: null,
    labels: null,
    base: null,
    peakMemoryBytes: null,
    adapterId: null,
    output: '/out',
    problem: null,
    checkpoint: null,
    checkpointFolder: null,
    best: null,
    forgetting: null,
    notes: '',
    tags: [],
    last: null,
    early: false,
    changes: [],
    groupId: null,
    seriesId: null,
    halving: false,
    queueOrder: null,
    notBefore: null,
    heldBy: null,
    ...over,
  };
}
