/** Models with an embedding for each place of a text have none behind the last. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Checkpoint } from './checkpoint.ts';

/** That the model has positions for a text of so many tokens. Errors: checkpoint/positions-end. */
export function checkPositions({ path, architecture }: Checkpoint, tokens: number): void {
  const { maxPositionEmbeddings: positions } = architecture.config;
  const isLearned = architecture.attention(0).rotation === null;
  if (isLearned && tokens > positions) {
    throw lorikeetError('checkpoint/positions-end', { path, tokens, positions });
  }
}
