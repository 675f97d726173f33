/** A run over a model and data of its own, trained to a step and taken up again. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import { checkpointName } from '../../../../src/shared/checkpoint-name.ts';
import type { TrainOutcome } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

export type OneRun = { folder: string; config: TrainingConfig };

/** Of six steps with a checkpoint after every second one. */
export function oneRun(): OneRun {
  const folder = temporaryFolder();
  const [model, data] = [join(folder, 'model'), join(folder, 'data.jsonl')];
  cpSync(fixturePath('models/tiny-tied'), model, { recursive: true });
  const line = (n: number) => JSON.stringify({ prompt: `light ${n}`, completion: `{"n":${n}}` });
  writeFileSync(data, Array.from({ length: 12 }, (_, n) => line(n)).join('\n'));
  const config: TrainingConfig = {
    ...trainingDefaults,
    ...{ name: '', model, data, date: '2026-11-26', validation: { kind: 'split', fraction: 0.2 } },
    ...{ batchSize: 2, sequenceLength: 64, warmupSteps: 0, precision: 'float32' },
    ...{ duration: { kind: 'steps', steps: 6 }, checkpointEvery: 2, keepCheckpoints: 9 },
    generalText: { kind: 'off' },
  };
  return { folder, config };
}

export const checkpointsOf = ({ folder }: OneRun): string => join(folder, 'checkpoints');

/** Where the checkpoint after a step lies. */
export function checkpointAt(run: OneRun, step: number): string {
  return join(checkpointsOf(run), checkpointName(step));
}

export type Trained = { outcome: TrainOutcome; losses: Map<number, number>; notices: string[] };

/** Trains to the end, or pauses after a step; from the beginning, or from the checkpoint of a step. */
export async function trainOne(
  run: OneRun,
  { from, pauseAt }: { from?: number; pauseAt?: number } = {},
): Promise<Trained> {
  const pause = new AbortController();
  const losses = new Map<number, number>();
  const notices: string[] = [];
  const outcome = await train(
    {
      ...{ config: run.config, output: join(run.folder, 'adapter') },
      ...{ checkpoints: checkpointsOf(run) },
      ...(from !== undefined && { resume: checkpointAt(run, from) }),
    },
    {
      signal: pause.signal,
      emit(event) {
        if (event.kind === 'notice') notices.push(event.text);
        if (event.kind !== 'step') return;
        losses.set(event.point.step, event.point.loss);
        if (event.point.step === pauseAt) pause.abort(askedTo('pause', 'it'));
      },
    },
  );
  return { outcome, losses, notices };
}
