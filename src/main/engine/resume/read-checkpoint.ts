/** Reads a checkpoint, as it was written or not at all. */
import { existsSync } from 'node:fs';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { readJsonObject } from '../checkpoint/json-file.ts';
import { openSafetensors } from '../checkpoint/safetensors-file.ts';
import { sha256Of } from '../origin/fingerprint.ts';
import type { RunState } from '../train/run-state.ts';
import {
  aboutPath,
  bestName,
  statePath,
  trainingCheckpoint,
  type TrainingCheckpoint,
} from './training-checkpoint.ts';

export type ReadCheckpoint = { about: TrainingCheckpoint; state: RunState };

/** Errors: resume/no-checkpoint, resume/damaged, checkpoint/* of its two files. */
export async function readCheckpoint(path: string): Promise<ReadCheckpoint> {
  if (!existsSync(aboutPath(path))) throw lorikeetError('resume/no-checkpoint', { path });
  const parsed = trainingCheckpoint.safeParse(readJsonObject(aboutPath(path)));
  if (!parsed.success) {
    const reason = 'its checkpoint.json has another form than this Lorikeet writes';
    throw lorikeetError('resume/damaged', { path, reason });
  }
  const about = parsed.data;
  if ((await sha256Of(statePath(path))) !== about.state) {
    const reason = 'its state.safetensors is not the one that was written with it';
    throw lorikeetError('resume/damaged', { path, reason });
  }
  const file = openSafetensors(statePath(path));
  try {
    const vector = (name: string) => file.read(name);
    return {
      about,
      state: {
        seconds: about.seconds,
        trainer: {
          ...about.trainer,
          vectors: {
            parameters: vector('parameters'),
            firstMoment: vector('firstMoment'),
            secondMoment: vector('secondMoment'),
            gradientSum: vector('gradientSum'),
          },
        },
        runs: about.runs.map(({ progress, health, hasBest }, adapter) => ({
          ...{ progress, health },
          bestParameters: hasBest ? vector(bestName(adapter)) : null,
        })),
      },
    };
  } finally {
    file.close();
  }
}
