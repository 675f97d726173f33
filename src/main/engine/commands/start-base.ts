/** How the base is held for runs that start from adapters: with the values that those learnt on, where nothing else is asked for. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { HeldBase } from '../../../shared/contract/records.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { isRounded, sameValues } from '../../../shared/held-base.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { blockTypes } from '../checkpoint/stored-types.ts';
import { heldWhileLearning, learntBase, sayValues } from './learnt-base.ts';
import { tellAll } from './open-model.ts';
import type { StartAdapter, Starts } from './start-adapters.ts';

type Asked = Pick<TrainingConfig, 'base' | 'doubleQuant'>;

/** The choice of the base, with 'auto' settled where the adapters learnt on rounded values that this base can have. */
export function startBase<A extends Asked>(
  asked: A,
  starts: Starts,
  checkpoint: Checkpoint,
  context: Pick<EngineContext, 'emit'>,
): A {
  if (asked.base !== 'auto' || starts.every((start) => start === null)) return asked;
  const learnt = learntBase(pathsOf(starts), context);
  if (!isRounded(learnt) || blockTypes(checkpoint).length > 0) return asked;
  const doubleQuant = learnt.form === 'nf4' && (asked.doubleQuant || learnt.doubleQuant);
  return { ...asked, base: learnt.form, doubleQuant };
}

/** One sentence for each adapter that learnt on other values than it will be trained further on. */
export function tellStartBase(
  starts: Starts,
  held: HeldBase,
  context: Pick<EngineContext, 'emit'>,
): string[] {
  const tell = (text: string) => {
    tellAll(context, [text]);
  };
  return [...new Set(pathsOf(starts))].flatMap((path) =>
    heldWhileLearning(path, tell)
      .filter((learnt) => !sameValues(learnt, held))
      .slice(0, 1)
      .map(
        (learnt) =>
          `The adapter in ${path} learnt on other values of the base (${sayValues(learnt)}) than it goes on with (${sayValues(held)}).`,
      ),
  );
}

function pathsOf(starts: Starts): string[] {
  return starts.filter((start): start is StartAdapter => start !== null).map(({ path }) => path);
}
