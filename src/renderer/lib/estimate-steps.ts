/** How many steps a run will take, before the engine has packed the blocks. */
import type { Draft } from './draft.ts';

/**
 * ⌈tokens / (batch · accumulation · sequence length)⌉ · epochs, the tokens less the part kept for validation. Packing never
 * fills blocks quite, so this is a little low. Null where a setting is missing.
 */
export function estimateSteps(draft: Draft, totalTokens: number): number | null {
  if (draft.durationKind === 'steps') return draft.steps;
  const { batchSize, gradientAccumulation, sequenceLength, epochs } = draft;
  if (!batchSize || !gradientAccumulation || !sequenceLength || !epochs) return null;
  const kept = draft.validationKind === 'split' ? 1 - (draft.validationPercent ?? 0) / 100 : 1;
  const perStep = batchSize * gradientAccumulation * sequenceLength;
  return Math.max(1, Math.round(Math.ceil((totalTokens * kept) / perStep) * epochs));
}
