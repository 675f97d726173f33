/** Some of the runs that are trained at once have ended: the others can go on without them. */
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { stateOfSome, subjectOfSome } from '../resume/some-runs.ts';
import type { CheckpointSubject } from '../resume/training-checkpoint.ts';
import { writeCheckpoint } from '../resume/write-checkpoint.ts';
import type { RunOptions } from '../train/run.ts';
import type { TrainingRun } from '../train/run-progress.ts';

/**
 * Keeps the state of those that go on, alone, and tells those that were ended early. Where it cannot be kept, that is told: all go
 * on together then, and none is ended early.
 * @param folder for checkpoints
 * @param subject of all of them
 */
export function splitRuns(
  folder: string,
  subject: () => Promise<CheckpointSubject>,
  runs: readonly Pick<TrainingRun, 'emit'>[],
): NonNullable<RunOptions['split']> {
  return async ({ going, worse, step, state }) => {
    try {
      const all = await subject();
      const some = stateOfSome(state, all.sizes, going);
      const checkpoint = await writeCheckpoint(folder, step, some, subjectOfSome(all, going));
      const text = `It was ended by successive halving: ${sayBetter(going.length)}.`;
      for (const index of worse)
        runs[index]?.emit({ kind: 'change', change: { step, text }, settings: {} });
      return checkpoint;
    } catch (thrown) {
      const { what } = toProblem(thrown);
      const together =
        worse.length > 0
          ? 'All go on together, and none is ended early.'
          : 'They go on together with those that have ended.';
      const text = `The checkpoint of the runs that go on could not be written to ${folder}. ${what} ${together}`;
      for (const run of runs) run.emit({ kind: 'notice', text });
      return null;
    }
  };
}

function sayBetter(going: number): string {
  if (going === 1) return 'another run, whose validation loss is not higher, goes on';
  return `${going} other runs, whose validation losses are not higher, go on`;
}
