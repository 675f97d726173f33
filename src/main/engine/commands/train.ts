/** `train` and `train.variants`: from configurations and files to adapters, or to a checkpoint from which they go on. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
  GroupPlace,
  TrainRequest,
  VariantOutcome,
} from '../../../shared/contract/engine.ts';
import { localDate } from '../../../shared/local-date.ts';
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { checkOutputFolder, checkRoomInName } from '../export/output-folder.ts';
import { refuseHalving } from './refuse-halving.ts';
import { refuseIdle } from './refuse-idle.ts';
import { goOn } from './resume-training.ts';
import type { Session } from './session.ts';
import { trainSession } from './train-session.ts';

export async function train(
  request: EngineRequest<'train'>,
  context: EngineContext,
): Promise<EngineResponse<'train'>> {
  const [outcome] = await trainAll([request], request, context, () => context.emit);
  if (!outcome || outcome.kind === 'going') throw new RangeError('a run without an outcome');
  if (outcome.kind === 'failed') throw new LorikeetError(outcome.problem);
  return outcome;
}

/** `train.variants`: several adapters at once over one base. */
export function trainVariants(
  { variants, ...place }: EngineRequest<'train.variants'>,
  context: EngineContext,
): Promise<EngineResponse<'train.variants'>> {
  return trainAll(variants, place, context, (variant) => (event) => {
    context.emit({ kind: 'variant', variant, event });
  });
}

/** Errors: train/idle-setting, train/not-to-be-halved, and those of what it goes through; resume/* where it goes on from a checkpoint. */
async function trainAll(
  requests: readonly TrainRequest[],
  place: GroupPlace,
  context: EngineContext,
  emitterOf: (variant: number) => EngineContext['emit'],
): Promise<VariantOutcome[]> {
  for (const { output, begun = false } of requests) {
    await checkOutputFolder(output, begun);
    if (!begun) await checkRoomInName(output, '.checkpoints');
  }
  const asked = requests.map(({ config }) => config);
  // One that was begun before this was refused still goes on.
  if (place.resume === undefined) refuseIdle(asked);
  if (place.halving) refuseHalving(asked);
  const date = asked.find((config) => config.date !== undefined)?.date ?? localDate();
  let session: Session = { requests, date, from: await goOn(place, asked, context), leaner: false };
  for (;;) {
    const end = await trainSession(session, place, context, emitterOf);
    if (end.kind === 'over') return end.outcomes;
    session = end.next;
  }
}
