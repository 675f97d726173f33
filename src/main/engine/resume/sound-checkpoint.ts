/** The checkpoint that a run goes on from: the one that it is told of, or the newest sound one beside that. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stepInName } from '../../../shared/checkpoint-name.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { Flaw } from './flaw.ts';
import { flawError, readWhole, type ReadCheckpoint } from './read-checkpoint.ts';
import type { TrainingCheckpoint } from './training-checkpoint.ts';

export type SoundCheckpoint = ReadCheckpoint & {
  path: string;
  /** What a person should know where it is not the one that was told. */
  notices: string[];
};

/**
 * @param told the folder that the run is to go on from
 * @param isOfRun whether one beside it is of the same run; others may have been left there
 * Errors: resume/no-checkpoint, resume/damaged; resume/none-sound where several are there.
 */
export async function soundCheckpoint(
  told: string,
  isOfRun: (about: TrainingCheckpoint) => boolean,
): Promise<SoundCheckpoint> {
  const flaws = new Map<string, Flaw>();
  for (const path of [told, ...(await beside(told))]) {
    try {
      const read = await readWhole(path);
      if (path !== told && !isOfRun(read.about))
        throw new Flaw('it is of a run with other settings');
      const notices = flaws.size > 0 ? [passedOver(flaws, read.about.step)] : [];
      return { ...read, path, notices };
    } catch (thrown) {
      if (!(thrown instanceof Flaw)) throw thrown;
      flaws.set(path, thrown);
    }
  }
  const [first] = flaws.values();
  if (flaws.size > 1)
    throw lorikeetError('resume/none-sound', { path: dirname(told), found: named(flaws) });
  throw flawError(told, first ?? new Flaw('it was not read'));
}

/** The newest first. Later ones than that which is told come last: the steps up to them may be told nowhere. */
async function beside(told: string): Promise<string[]> {
  const folder = dirname(told);
  const names = await readdir(folder).catch(() => []);
  const toldStep = stepInName(basename(told)) ?? Infinity;
  const found = names.flatMap((name) => {
    const step = stepInName(name);
    return step === null || name === basename(told) ? [] : [{ name, step }];
  });
  const late = ({ step }: { step: number }) => Number(step > toldStep);
  return found
    .sort((a, b) => late(a) - late(b) || b.step - a.step || b.name.localeCompare(a.name))
    .map(({ name }) => join(folder, name));
}

function passedOver(flaws: ReadonlyMap<string, Flaw>, step: number): string {
  return `The run goes on from its checkpoint of step ${step}, and does again what steps came after it. Passed over: ${named(flaws).join('; ')}.`;
}

function named(flaws: ReadonlyMap<string, Flaw>): string[] {
  return [...flaws].map(([path, { message }]) => `${basename(path)} (${message})`);
}
