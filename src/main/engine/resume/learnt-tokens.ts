/**
 * What the data of a run has become, as a sha256: the tokens of its blocks and what is learnt of them. The files of data and
 * model do not say it all, since a chat template lies beside the weights and may be any text.
 */
import { createHash } from 'node:crypto';
import type { Block } from '../batch/block.ts';

/** Of one run. */
export type LearntTokens = { training: string; validation: string };

type Blocks = { blocks: readonly Block[]; validation: readonly Block[] };

/** By run. */
export function learntTokens(runs: readonly { data: Blocks }[]): LearntTokens[] {
  return runs.map(({ data: { blocks, validation } }) => ({
    training: shaOf(blocks),
    validation: shaOf(validation),
  }));
}

function shaOf(blocks: readonly Block[]): string {
  const hash = createHash('sha256');
  for (const { tokens, segments, positions, labels, types } of blocks) {
    const parts = [tokens, segments, positions, labels, ...(types ? [types] : [])];
    // Where a block ends, and whether it has types, is told by its lengths.
    hash.update(Uint32Array.of(parts.length, tokens.length));
    for (const part of parts) hash.update(part);
  }
  return hash.digest('hex');
}
