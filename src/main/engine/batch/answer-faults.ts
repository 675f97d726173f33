/** Answers that cannot be learnt as they stand, found before they are written with the chat template. */
import type { Turn } from '../dataset/example.ts';
import { hasThought, thoughtFault } from '../tokenizer/thoughts.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { hasCalls } from './answers.ts';

/**
 * What is wrong with the first answer that is to be learnt and cannot be; null where all can.
 * @param said the messages of the data
 * @param given the same, as the chat template takes them
 */
export function answerFault(
  said: readonly Turn[],
  given: readonly Turn[],
  tokenizer: Tokenizer,
): string | null {
  for (const [index, turn] of said.entries()) {
    const fitted = given[index];
    if (turn.role !== 'assistant' || turn.context || fitted === undefined) continue;
    const fault = faultOf(turn, fitted, tokenizer);
    if (fault !== null) return `the answer in message ${index + 1} ${fault}`;
  }
  return null;
}

function faultOf(said: Turn, given: Turn, { manner, templateTraits }: Tokenizer): string | null {
  const { takesThought, opensThought, asksForThought } = templateTraits;
  if (given.content.trim() === '' && !hasThought(given) && !hasCalls(given))
    return hasThought(said) ? 'is nothing without its thought' : 'is nothing but the end of a turn';
  if (manner.thinking === 'off') return thoughtFault(given, false);
  return takesThought || opensThought || asksForThought ? thoughtFault(said, true) : null;
}
