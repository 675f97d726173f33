/** Tells of answers with a token within them at which the model stops. */
import type { Prompt } from '../../../shared/contract/engine.ts';
import { howMany, verbOf } from '../../../shared/how-many.ts';
import type { Example, Turn } from '../dataset/example.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { messagesOf } from './conversation.ts';

/** One sentence where there are any. Running text may hold several texts with their ends. */
export function tellEarlyEnds(
  conversations: readonly (Example | Prompt)[],
  tokenizer: Tokenizer,
): string[] {
  const ends = tokenizer.stopTokenIds.map((id) => tokenizer.decode([id]).trim()).filter(Boolean);
  // One at the very end is no other than that of the answer.
  const endIn = ({ role, content, context }: Turn) =>
    role === 'assistant' &&
    !context &&
    ends.find((end) => content.trimEnd().slice(0, -1).includes(end));
  const found = conversations.flatMap((each) =>
    'line' in each
      ? messagesOf(each).flatMap((turn) => endIn(tokenizer.fitMessage(turn)) || [])
      : [],
  );
  const [end] = found;
  if (end === undefined) return [];
  return [
    `${howMany(found.length, 'answer')} ${verbOf(found.length, 'has', 'have')} ${JSON.stringify(end)} before the end, where the model stops: what follows it is learnt and never written.`,
  ];
}
