/** A rung of successive halving: the better runs can go on without the others. */
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { stateOfSome, subjectOfSome } from '../resume/some-runs.ts';
import type { CheckpointSubject } from '../resume/training-checkpoint.ts';
import { writeCheckpoint } from '../resume/write-checkpoint.ts';
import type { RunEnd } from '../train/run.ts';
import type { TrainingRun } from '../train/run-progress.ts';

type Halved = Extract<RunEnd, { kind: 'halved' }>;

/** Those that go on, and from where. */
export type Going = { adapters: readonly number[]; checkpoint: RunCheckpoint };

/**
 * Keeps the state of the better ones alone, and tells the worse ones that they have ended. Null where it cannot be kept, which is
 * told: all have ended then.
 * @param folder for checkpoints
 * @param subject of all of them
 */
export async function halve(
  { going, worse, step, state }: Halved,
  folder: string,
  subject: () => Promise<CheckpointSubject>,
  runs: readonly Pick<TrainingRun, 'emit'>[],
): Promise<Going | null> {
  try {
    const all = await subject();
    const some = stateOfSome(state, all.sizes, going);
    const checkpoint = await writeCheckpoint(folder, step, some, subjectOfSome(all, going));
    for (const index of worse) {
      const text = `It was ended by successive halving: ${sayBetter(going.length)}.`;
      runs[index]?.emit({ kind: 'change', change: { step, text }, settings: {} });
    }
    return { adapters: going, checkpoint };
  } catch (thrown) {
    const { what } = toProblem(thrown);
    const text = `The better half of the runs cannot go on: their checkpoint could not be written to ${folder}. ${what} All are ended with their adapters.`;
    for (const run of runs) run.emit({ kind: 'notice', text });
    return null;
  }
}

function sayBetter(going: number): string {
  if (going === 1) return 'another run has a lower validation loss, and goes on';
  return `${going} other runs have a lower validation loss, and go on`;
}
