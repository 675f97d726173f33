/** Checkpoints of a run that nobody has trained. */
import { join } from 'node:path';
import { writeCheckpoint } from '../../../../src/main/engine/resume/write-checkpoint.ts';
import type { CheckpointSubject } from '../../../../src/main/engine/resume/training-checkpoint.ts';
import type { RunState } from '../../../../src/main/engine/train/run-state.ts';
import { checkpointName } from '../../../../src/shared/checkpoint-name.ts';
import { smallConfig } from '../../small-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';

/** Numbers of the program. */
export const parameters = 4;
const sha256 = 'a'.repeat(64);

function subject(): CheckpointSubject {
  const file = (path: string) => ({ path, sha256, bytes: 1 });
  return {
    ...{ configs: [smallConfig(100)], base: { form: 'dense', doubleQuant: false } },
    precision: 'float32',
    files: {
      base: file('/models/small.gguf'),
      data: [[{ ...file('/data/small.jsonl'), role: 'training' }]],
      starts: [null],
    },
    ...{ sizes: [parameters], left: 0 },
    tokens: [{ training: sha256, validation: sha256 }],
  };
}

/** After a step, with a best validation at it. */
export function stateAfter(steps: number): RunState {
  const vector = () => Float32Array.from({ length: parameters }, (_, i) => steps + i);
  const losses = { lastLoss: 2, lastValidationLoss: 2, recentLosses: [2] };
  const best = { step: steps, loss: 2, counted: 2, waited: 0 };
  return {
    trainer: {
      ...{ steps, experts: [] },
      vectors: {
        ...{ parameters: vector(), firstMoment: vector() },
        ...{ secondMoment: vector(), gradientSum: vector() },
      },
    },
    runs: [
      {
        progress: { steps, ...losses, tokens: 8 * steps, problem: null, early: false, best },
        ...{ health: { updates: steps, lastStep: steps }, bestParameters: vector() },
      },
    ],
    seconds: steps,
    general: { tokens: sha256, loss: 3 },
  };
}

/** Writes one for each step to a folder that goes after the test; gives where that of a step lies. */
export async function smallCheckpoints(
  steps: readonly number[],
): Promise<(step: number) => string> {
  const folder = temporaryFolder();
  for (const step of steps) await writeCheckpoint(folder, step, stateAfter(step), subject());
  return (step) => join(folder, checkpointName(step));
}
