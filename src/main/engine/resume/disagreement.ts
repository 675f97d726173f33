/** What in the small numbers of a checkpoint cannot be of one moment of one run. */
import { stepInName } from '../../../shared/checkpoint-name.ts';
import type { TrainingCheckpoint } from './training-checkpoint.ts';

/**
 * A clause that says it; null where all fits together.
 * @param name of its folder
 */
export function disagreement(
  { step, configs, trainer, runs, sizes, left }: TrainingCheckpoint,
  name: string,
): string | null {
  const named = stepInName(name);
  if (named !== null && named !== step)
    return `it is of step ${step}, and its folder says ${named}`;
  if (runs.length !== configs.length)
    return `it has the settings of ${configs.length} runs and the progress of ${runs.length}`;
  if (sizes !== undefined && sizes.length !== runs.length)
    return `it has the sizes of ${sizes.length} adapters and the progress of ${runs.length} runs`;
  const steps = runs.map(({ progress }) => progress.steps);
  // One that ended early stays behind the others.
  if (Math.min(...steps) < 0 || Math.max(...steps) !== step)
    return `it is of step ${step}, and by its progress ${steps.join(', ')} steps were done`;
  // A step in which a run ended for its loss may have been an update, and is done again by the others.
  if (trainer.steps < step || trainer.steps > step + runs.length + left)
    return `it is of step ${step}, and by its trainer ${trainer.steps} updates were done`;
  for (const { progress } of runs)
    if (progress.best !== null && progress.best.step > progress.steps)
      return `its best validation is of step ${progress.best.step}, and ${progress.steps} steps were done`;
  return null;
}
