/** Answers are held against memory before room for them is made: keys and values of each token are kept to the end. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { mostMemory } from '../available-memory.ts';
import type { OpenModel } from './open-model.ts';

/**
 * @param rows prompts that are answered at once
 * @param tokens of the longest prompt and its answer
 * @param most bytes that work can have
 * Errors: engine/answer-too-long.
 */
export function refuseLongAnswers(
  { checkpoint: { path, config }, computeType }: Pick<OpenModel, 'checkpoint' | 'computeType'>,
  rows: number,
  tokens: number,
  most = mostMemory(),
): void {
  const numbers = 2 * config.numHiddenLayers * rows * config.numKeyValueHeads * config.headDim;
  const needed = numbers * (computeType === 'float32' ? 4 : 2) * tokens;
  if (needed > most) throw lorikeetError('engine/answer-too-long', { path, tokens, needed, most });
}
