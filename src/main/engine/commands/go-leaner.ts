/** A training whose next step does not get its memory: it goes on from where it is with settings that need less. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { leaner } from '../../../shared/leaner.ts';
import { checkSameFiles, checkSameTokens } from '../resume/check-resumed.ts';
import type { RunEnd } from '../train/run.ts';
import type { TrainingRun } from '../train/run-progress.ts';
import type { StateKeeper } from '../train/state-keeper.ts';
import type { HeldTraining } from './held-training.ts';
import type { FoundAgain } from './resume-training.ts';
import type { Session } from './session.ts';

type Short = Extract<RunEnd, { kind: 'short' }>;

type AtWork = {
  training: {
    held: {
      base: HeldTraining['base'];
      options: Pick<HeldTraining['options'], 'shape' | 'computeType'>;
    };
  };
  runs: readonly Pick<TrainingRun, 'emit'>[];
  keeper: StateKeeper;
  found: Pick<FoundAgain, 'files' | 'tokens'>;
};

/**
 * The session to go on with, told to every run; null where there are no leaner settings. Either way the state is kept first, so
 * that nothing is lost where memory runs out altogether.
 */
export async function goLeaner(
  { requests, date, from: { left } }: Session,
  { why, step, state }: Pick<Short, 'why' | 'step' | 'state'>,
  { training, runs, keeper, found }: AtWork,
): Promise<Session | null> {
  await keeper.keep(step, state);
  const { base, options } = training.held;
  const rows = options.shape.rows / Math.max(1, runs.length);
  const changed = requests.flatMap((request) => {
    const less = leaner(request.config, rows);
    return less ? [{ ...less, request }] : [];
  });
  if (changed.length < requests.length) return null;
  const files = await found.files().catch(() => null);
  // They are others by now, or gone: it is told where the adapter is saved.
  if (files === null) return null;
  for (const [i, { settings, text }] of changed.entries()) {
    const change = { step, text: `${why} ${text}` };
    runs[i]?.emit({ kind: 'change', change, settings });
  }
  const tokens = found.tokens();
  const { form, doubleQuant } = base;
  const held = { base: form, doubleQuant, precision: options.computeType };
  return {
    requests: changed.map(({ request, settings }) => ({
      ...request,
      config: { ...request.config, ...settings },
    })),
    date,
    from: {
      configs: changed.map(({ request, settings }) => ({
        ...{ ...request.config, ...settings, ...held },
      })),
      state,
      checkpoint: keeper.latest,
      left,
      // Data is read anew: it has to be what it was.
      async check(again) {
        const path = keeper.latest?.path ?? '';
        checkSameFiles(path, await again.files(), { files });
        checkSameTokens(path, requests[0]?.config.model ?? '', again.tokens(), tokens);
      },
    },
    leaner: true,
  };
}

/** The pause of a run that cannot need less. */
export function endShort({ why, step, endings, best }: Short): Extract<RunEnd, { kind: 'paused' }> {
  const { problem } = lorikeetError('train/memory-ran-out', { step, why });
  return { kind: 'paused', problem, endings, best };
}
