/** The values of a base that its adapters learnt on. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { HeldBase } from '../../../shared/contract/records.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { isRounded, sameValues } from '../../../shared/held-base.ts';
import { sayBase } from '../../../shared/say-base.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { holdBase } from '../checkpoint/hold-base.ts';
import { blockTypes } from '../checkpoint/stored-types.ts';
import { learntConfigs } from './learnt-configs.ts';

const asInFile: HeldBase = { form: 'packed', doubleQuant: false };

/**
 * How the base was held while the adapters learnt; as in its file where nothing else is known. Of adapters that learnt on
 * different values the first rounded ones count, which is told.
 */
export function learntBase(
  adapters: readonly string[],
  { emit }: Pick<EngineContext, 'emit'>,
): HeldBase {
  const tell = (text: string) => {
    emit({ kind: 'notice', text });
  };
  const learnt = adapters.flatMap((path) => heldWhileLearning(path, tell));
  const [first] = learnt;
  const counts = learnt.find(isRounded) ?? asInFile;
  if (first && learnt.some((each) => !sameValues(each, first))) {
    const each = [...new Set(learnt.map(sayValues))].join(', ');
    tell(
      `The adapters learnt on different values of the base (${each}); all are used with ${sayValues(counts)}.`,
    );
  }
  return counts;
}

/** The base with the values that the adapters learnt on, packed where it can be, and what it is then held as. */
export function withLearntValues(
  checkpoint: Checkpoint,
  adapters: readonly string[],
  context: Pick<EngineContext, 'emit'>,
): { held: HeldBase; checkpoint: Checkpoint } {
  const learnt = learntBase(adapters, context);
  if (!isRounded(learnt)) return { held: asInFile, checkpoint };
  if (blockTypes(checkpoint).length === 0)
    return { held: learnt, checkpoint: holdBase(checkpoint, learnt) };
  const text = `The adapter learnt on ${sayBase(learnt)}. This base holds blocks already and is not quantised again: it is used as it is in its file.`;
  context.emit({ kind: 'notice', text });
  return { held: asInFile, checkpoint };
}

/** 'NF4, 4 bits'; 'those of its file' */
export function sayValues(held: HeldBase): string {
  return isRounded(held) ? sayBase(held) : 'those of its file';
}

/**
 * Of a blend for each of its parts; none of an adapter of another program. Records from before there was a choice have 'auto':
 * bases were dense.
 */
export function heldWhileLearning(path: string, tell: (text: string) => void): HeldBase[] {
  try {
    return learntConfigs(path).map(({ base, doubleQuant }) =>
      base === 'auto' ? asInFile : { form: base, doubleQuant },
    );
  } catch (thrown) {
    const { what } = toProblem(thrown);
    tell(`How the base was held while the adapter in ${path} learnt is not known: ${what}`);
    return [];
  }
}
