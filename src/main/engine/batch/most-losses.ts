/** How many places with loss a batch of some blocks has at most. */
import type { Block } from './block.ts';

/** Places with loss of the fullest possible batch. */
export function mostLosses(blocks: readonly Block[], rows: number): number {
  return blocks
    .map((block) => block.lossCount)
    .sort((a, b) => b - a)
    .slice(0, rows)
    .reduce((sum, count) => sum + count, 0);
}
