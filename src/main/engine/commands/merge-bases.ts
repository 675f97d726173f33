/** The bases of a merge: the one that adapters were trained on, and the one that they are merged into. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { HeldBase } from '../../../shared/contract/records.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { isRounded } from '../../../shared/held-base.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { configDifferences } from '../export/config-differences.ts';
import { sameShape } from '../graph/shape.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { withLearntValues } from './learnt-base.ts';

export type MergeBases = {
  /** With the values that the adapters were trained on, and how it holds them. */
  trained: Checkpoint;
  held: HeldBase;
  /** What their change is added to: the same, or other weights of the same model. */
  into: Checkpoint;
  /** The weights that those trained on were quantised from; null where they are not known. */
  original: Checkpoint | null;
};

/**
 * Opens them, hands them to `work`, and closes them.
 * @param adapters their paths: the base has the values that they learnt on
 * @param mergeBase the weights to merge into in place of the model's; null for none
 * Errors: merge/other-model; checkpoint/*.
 */
export async function withMergeBases<T>(
  model: string,
  adapters: readonly string[],
  mergeBase: string | null,
  context: Pick<EngineContext, 'emit'>,
  work: (bases: MergeBases) => Promise<T>,
): Promise<T> {
  return withCheckpoint(model, (file) => {
    const { held, checkpoint: trained } = withLearntValues(file, adapters, context);
    if (mergeBase === null) {
      const original = isRounded(held) ? file : null;
      return work({ trained, held, into: trained, original });
    }
    return withCheckpoint(mergeBase, (into) => {
      checkSameModel(trained, into);
      return work({ trained, held, into, original: into });
    });
  });
}

/** Errors: merge/other-model. */
function checkSameModel(trained: Checkpoint, into: Checkpoint): void {
  const [shapes, others] = [trained, into].map(({ architecture }) => weightShapes(architecture));
  const names = new Set([...(shapes?.keys() ?? []), ...(others?.keys() ?? [])]);
  const tensors = [...names].filter((name) => {
    const [one, other] = [shapes?.get(name), others?.get(name)];
    return !one || !other || !sameShape(one, other);
  });
  const what = [...configDifferences(trained.config, into.config), ...tensors];
  if (what.length === 0) return;
  throw lorikeetError('merge/other-model', { path: trained.path, mergeBase: into.path, what });
}
