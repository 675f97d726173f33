/** Prompts are held against the model's context before room for them is made: attention takes memory with the square of their length. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { OpenModel } from './open-model.ts';

/** @param prompts in tokens. Errors: engine/prompt-too-long. */
export function refuseLongPrompts(
  { checkpoint }: Pick<OpenModel, 'checkpoint'>,
  prompts: readonly (readonly number[])[],
): void {
  const { path, config } = checkpoint;
  const positions = config.maxPositionEmbeddings;
  const tokens = Math.max(0, ...prompts.map(({ length }) => length));
  if (tokens > positions)
    throw lorikeetError('engine/prompt-too-long', { path, tokens, positions });
}
