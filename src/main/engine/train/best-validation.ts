/** Which validation of a run was the best, and for how long none has been better. Losses in nats per token. */

/** `waited` counts validations since the last that improved on `counted` by enough. */
export type BestSoFar = { step: number; loss: number; counted: number; waited: number };

type Patience = { patience: number; leastImprovement: number };

/**
 * What is known after another validation. The lowest loss is the best, and one that is no number never is; for patience only one
 * counts that is lower than the last that counted by more than the least improvement.
 */
export function afterValidation(
  before: BestSoFar | null,
  { step, loss }: { step: number; loss: number },
  { leastImprovement }: Pick<Patience, 'leastImprovement'>,
): BestSoFar | null {
  if (before === null && !Number.isFinite(loss)) return null;
  if (before === null) return { step, loss, counted: loss, waited: 0 };
  const best = loss < before.loss ? { step, loss } : { step: before.step, loss: before.loss };
  const counts = loss < before.counted - leastImprovement;
  return counts
    ? { ...best, counted: loss, waited: 0 }
    : { ...best, counted: before.counted, waited: before.waited + 1 };
}

/** Whether a run has waited long enough for a better loss; patience 0 waits for ever. */
export function hasWaited(
  best: BestSoFar | null,
  { patience }: Pick<Patience, 'patience'>,
): boolean {
  return patience > 0 && best !== null && best.waited >= patience;
}
