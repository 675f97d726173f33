/** What a training goes on from: nothing, or a checkpoint. */
import type { CheckpointPlace, EngineContext } from '../../../shared/contract/engine.ts';
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { checkFits, type Program } from '../resume/check-fits.ts';
import {
  checkSameFiles,
  checkSameTokens,
  resumedConfigs,
  runsIn,
} from '../resume/check-resumed.ts';
import type { LearntTokens } from '../resume/learnt-tokens.ts';
import type { ReadCheckpoint } from '../resume/read-checkpoint.ts';
import { stateOfSome, subjectOfSome } from '../resume/some-runs.ts';
import { soundCheckpoint } from '../resume/sound-checkpoint.ts';
import type { TrainingCheckpoint } from '../resume/training-checkpoint.ts';
import type { RunState } from '../train/run-state.ts';
import { tellAll } from './open-model.ts';

export type Beginning = {
  /** As they are trained: where they go on, with what `auto` came to. */
  configs: readonly TrainingConfig[];
  state: RunState | null;
  checkpoint: RunCheckpoint | null;
  /** Runs that were trained with these before, and have ended or were removed. */
  left: number;
  /** Refuses files and data that are others than those that the checkpoint is of; they are gone through for it only then. */
  check(found: FoundAgain): Promise<void>;
};

/** What a run that goes on finds in its places. */
export type FoundAgain = {
  files: () => Promise<TrainingCheckpoint['files']>;
  tokens: () => LearntTokens[];
  program: Program;
};

/**
 * Tells where it is not the checkpoint that was asked for.
 * Errors: those of `soundCheckpoint` and `resumedConfigs`, and in `check` those of `checkSameFiles`, `checkSameTokens` and
 * `checkFits`.
 */
export async function goOn(
  { resume }: CheckpointPlace,
  configs: readonly TrainingConfig[],
  context: Pick<EngineContext, 'emit'>,
): Promise<Beginning> {
  if (resume === undefined)
    return { configs, state: null, checkpoint: null, left: 0, check: () => Promise.resolve() };
  const isOfRun = (about: TrainingCheckpoint) => runsIn(about, configs) !== null;
  const { path, notices, ...read } = await soundCheckpoint(resume, isOfRun);
  tellAll(context, notices);
  const { about, state } = withoutOthers(read, configs);
  return {
    configs: resumedConfigs(path, configs, about),
    state,
    checkpoint: { path, step: about.step, at: about.at },
    left: about.left,
    async check({ files, tokens, program }) {
      checkSameFiles(path, await files(), about);
      checkSameTokens(path, about.configs[0]?.model ?? '', tokens(), about.tokens);
      checkFits(path, state, program);
    },
  };
}

/** Of a checkpoint what is these runs' own. */
function withoutOthers(
  { about, state }: ReadCheckpoint,
  configs: readonly TrainingConfig[],
): ReadCheckpoint {
  const chosen = runsIn(about, configs);
  const { sizes } = about;
  if (chosen === null || sizes === undefined || chosen.length === about.configs.length)
    return { about, state };
  return {
    about: { ...about, ...subjectOfSome({ ...about, sizes }, chosen) },
    state: stateOfSome(state, sizes, chosen),
  };
}
