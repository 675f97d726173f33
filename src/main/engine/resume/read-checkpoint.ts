/** Reads a checkpoint, as it was written or not at all. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { readJsonObject } from '../checkpoint/json-file.ts';
import { openSafetensors } from '../checkpoint/safetensors-file.ts';
import { sha256Of } from '../origin/fingerprint.ts';
import type { RunState } from '../train/run-state.ts';
import { Flaw, partOf } from './flaw.ts';
import {
  aboutPath,
  bestName,
  statePath,
  trainingCheckpoint,
  type TrainingCheckpoint,
} from './training-checkpoint.ts';

export type ReadCheckpoint = { about: TrainingCheckpoint; state: RunState };

/** Errors: resume/no-checkpoint, resume/damaged. */
export async function readCheckpoint(path: string): Promise<ReadCheckpoint> {
  try {
    return await readWhole(path);
  } catch (thrown) {
    throw thrown instanceof Flaw ? flawError(path, thrown) : thrown;
  }
}

/** What a flaw of a checkpoint is where there is no other. */
export function flawError(path: string, flaw: Flaw): LorikeetError {
  return flaw.gone
    ? lorikeetError('resume/no-checkpoint', { path })
    : lorikeetError('resume/damaged', { path, reason: flaw.message }, { cause: flaw });
}

/** Throws a `Flaw` where it is not whole. */
export async function readWhole(path: string): Promise<ReadCheckpoint> {
  if (!existsSync(path)) throw new Flaw('it is not there any more', { gone: true });
  for (const file of [aboutPath(path), statePath(path)])
    if (!existsSync(file)) throw new Flaw(`its ${basename(file)} is missing`);
  const json = await partOf('checkpoint.json', () => readJsonObject(aboutPath(path)));
  const parsed = trainingCheckpoint.safeParse(json);
  if (!parsed.success) {
    throw new Flaw('its checkpoint.json has another form than this Lorikeet writes');
  }
  const about = parsed.data;
  const state = await partOf('state.safetensors', () => readState(path, about));
  return { about, state };
}

async function readState(path: string, about: TrainingCheckpoint): Promise<RunState> {
  if ((await sha256Of(statePath(path))) !== about.state)
    throw new Flaw('its state.safetensors is not the one that was written with it');
  const file = openSafetensors(statePath(path));
  try {
    const vector = (name: string) => file.read(name);
    return {
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
    };
  } finally {
    file.close();
  }
}
