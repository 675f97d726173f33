/** Reads a checkpoint, as it was written or not at all. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { RunState } from '../train/run-state.ts';
import { readAbout } from './about-file.ts';
import { Flaw, partOf } from './flaw.ts';
import { readState } from './state-file.ts';
import { aboutPath, statePath, type TrainingCheckpoint } from './training-checkpoint.ts';

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
  const about = await partOf('checkpoint.json', () => readAbout(aboutPath(path)));
  const state = await partOf('state.safetensors', () => readState(statePath(path), about));
  return { about, state };
}
