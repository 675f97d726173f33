/** Says before weights are read that a run is too large for this machine. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { cannotFit } from '../../../shared/memory-fit.ts';
import { mostMemory } from '../available-memory.ts';
import { loadBinding } from '../runtime/binding.ts';
import type { OpenTraining } from './open-training.ts';

/** What this process holds already is a part of the estimate, and need not be free. On a GPU there is no telling from here. */
function mostForRun(): number {
  return loadBinding().isUsingGpuDevice() ? Infinity : mostMemory() + process.memoryUsage.rss();
}

/** train/too-large for what cannot work at all; null for what may, and for what is to be run anyway. */
export function refusalOf(
  { held, runs }: Pick<OpenTraining, 'held' | 'runs'>,
  free = mostForRun(),
): Problem | null {
  if (runs.some(({ config }) => config.runAnyway)) return null;
  const { totalBytes: needed, ...each } = held.memory();
  if (!cannotFit(needed, free)) return null;
  const parts = {
    ...{ weights: each.weightBytes, adapter: each.adapterBytes },
    ...{ activations: each.activationBytes, runtime: each.runtimeBytes },
  };
  return lorikeetError('train/too-large', { needed, free, parts }).problem;
}
