/** What a run tells before its first step. */
import type { PreparedRun } from '../train/prepare.ts';
import type { TrainingRun } from '../train/run-progress.ts';
import { tellAll } from './open-model.ts';
import type { OpenTraining } from './open-training.ts';

export function tellPrepared(
  { plan, emit, notices: ofRun, ...run }: PreparedRun & TrainingRun,
  { learnt: { labels, pairs }, held, notices }: OpenTraining,
): void {
  const { trainableParameters, totalParameters } = run;
  emit({
    kind: 'prepared',
    ...{ trainableParameters, totalParameters, totalSteps: plan.totalSteps },
    labels: labels && { ...labels, names: [...labels.names], pairs },
    base: held.base,
  });
  tellAll({ emit }, [...notices.base, ...notices.others, ...ofRun]);
}
