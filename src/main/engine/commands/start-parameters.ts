/** The parameters that runs begin with: adapters by their initialisation or as they were saved, and heads. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { formatPercent, plainSpaces } from '../../../shared/format.ts';
import { sayBase } from '../../../shared/say-base.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { takeOver } from '../compose/take-over.ts';
import { placeHead } from '../lora/head-start.ts';
import { initialParameters } from '../lora/init.ts';
import { loftqStart, type ErrorShare, type MatrixOf } from '../lora/loftq.ts';
import type { HeldTraining } from './held-training.ts';
import { tellAll } from './open-model.ts';
import type { Starts } from './start-adapters.ts';
import { tellStart } from './tell-start.ts';
import type { TrainingTask } from './training-task.ts';

/** Errors: lora/nothing-quantised. */
export function checkStarts(
  configs: readonly TrainingConfig[],
  { base, checkpoint, original }: Pick<HeldTraining, 'base' | 'checkpoint' | 'original'>,
): void {
  if (original !== null || !configs.some(({ lora }) => lora.init === 'loftq')) return;
  throw lorikeetError('lora/nothing-quantised', { path: checkpoint.path, form: sayBase(base) });
}

type Beginning = {
  held: HeldTraining;
  learnt: Pick<TrainingTask, 'headStart' | 'architecture'>;
  starts: Starts;
};

/**
 * [P] in the order of the layout. What LoftQ makes up for is told to its run, and what it starts from.
 * @param configs, runs one for each adapter
 */
export function startParameters(
  { held: holding, starts: saved, learnt: { headStart, architecture } }: Beginning,
  configs: readonly TrainingConfig[],
  runs: readonly Pick<EngineContext, 'emit'>[],
): Float32Array {
  const { checkpoint, original, options } = holding;
  const { layout } = options;
  const starts = configs.map(({ lora, seed }) => ({ init: lora.init, seed }));
  const held = weightsOf(checkpoint);
  const parameters = initialParameters(layout, starts, held);
  for (const [i, placed] of layout.adapters.entries()) {
    const [config, run] = [configs[i], runs[i]];
    if (config?.lora.init === 'loftq' && original && run) {
      tellAll(run, [sayShare(loftqStart(parameters, placed, held, weightsOf(original)))]);
    }
    const start = saved[i];
    if (start && run) {
      const taken = takeOver(parameters, placed, start.adapter, held);
      tellAll(run, tellStart(start.path, taken, architecture));
    }
    placeHead(parameters, placed, headStart(i, config?.seed ?? 0));
  }
  return parameters;
}

function weightsOf(checkpoint: Checkpoint): MatrixOf {
  return (path) => checkpoint.read(`${path}.weight`);
}

function sayShare(share: ErrorShare | null): string {
  if (share === null)
    return 'LoftQ has nothing to start from: none of the target modules is quantised. They start as by default.';
  const { all, least, most } = share;
  const say = (value: number) => plainSpaces(formatPercent(value));
  return `LoftQ: the adapter starts with ${say(all)} of the error of quantising; by module from ${say(least.share)} (${least.path}) to ${say(most.share)} (${most.path}).`;
}
