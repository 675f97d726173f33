/** The learning rate over a run. */
import type { Scheduler } from '../../../shared/contract/training-config.ts';

/**
 * What the learning rate is multiplied with at a step (from 0): linear warm-up over `warmupSteps`, then constant, linear
 * to 0, or half a cosine to 0 (transformers `get_{constant,linear,cosine}_schedule_with_warmup`, step for step: the
 * first step of a warm-up has factor 0).
 */
export function scheduleFactor(
  scheduler: Scheduler,
  step: number,
  warmupSteps: number,
  totalSteps: number,
): number {
  if (step < warmupSteps) return step / warmupSteps;
  const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  switch (scheduler) {
    case 'constant':
      return 1;
    case 'linear':
      return Math.max(0, 1 - progress);
    case 'cosine':
      return Math.max(0, (1 + Math.cos(Math.PI * progress)) / 2);
  }
}
