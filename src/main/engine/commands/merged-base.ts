/** What a report of a merge says of bases: which they are, how large the error of quantising is, and how they do side by side. */
import { basename } from 'node:path';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { MergedBase } from '../../../shared/contract/merge-report.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { storedTypes } from '../checkpoint/stored-types.ts';
import { quantisationError } from '../export/quantisation-error.ts';
import { compareLosses, type WrittenModel } from './compare-losses.ts';
import type { Blend } from './open-blend.ts';
import { breathe } from './open-model.ts';

/** Errors: those of the checkpoints and of `compareLosses`. */
export async function mergedBaseOf(
  blend: Blend,
  written: WrittenModel,
  context: EngineContext,
): Promise<MergedBase> {
  const { trained, into, original, held } = blend.bases;
  const tell = async (done: number, total: number) => {
    context.emit({ kind: 'progress', phase: 'Measuring the error of quantising', done, total });
    await breathe(context.signal, 'The merge');
  };
  return {
    trainedOn: { ...filesOf(trained), held },
    mergedInto: into === trained ? null : filesOf(into),
    quantisationError:
      original && (await quantisationError({ trained, original }, blend.sum(), tell)),
    losses: into === trained ? null : await compareLosses(blend, written, context),
  };
}

function filesOf(checkpoint: Checkpoint) {
  const { path, files } = checkpoint;
  return {
    path,
    files: files.map((file) => basename(file)),
    storedAs: storedTypes(checkpoint),
  };
}
