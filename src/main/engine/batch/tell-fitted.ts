/** What a person should know of conversations that a chat template takes in another form than they have, in sentences. */
import type { Prompt } from '../../../shared/contract/engine.ts';
import type { Example } from '../dataset/example.ts';
import { beginsWithSystem } from '../tokenizer/system-fold.ts';
import { hasThought } from '../tokenizer/thoughts.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { messagesOf } from './conversation.ts';
import { tellEarlyEnds } from './tell-early-ends.ts';
import { tellPassedOver } from './tell-passed-over.ts';

/** @param conversations examples, or prompts that are asked */
export function tellFitted(
  conversations: readonly (Example | Prompt)[],
  tokenizer: Tokenizer,
): string[] {
  const { templateTraits, manner, hasChatTemplate } = tokenizer;
  const early = tellEarlyEnds(conversations, tokenizer);
  if (!hasChatTemplate) return early;
  const chats = conversations.map(messagesOf);
  const folded = templateTraits.takesSystem ? 0 : chats.filter(beginsWithSystem).length;
  const thoughts = manner.thinking === 'off' ? chats.flat().filter(hasThought).length : 0;
  return [
    ...(folded > 0
      ? [
          `The chat template takes no system prompt: in ${folded} ${folded === 1 ? 'conversation' : 'conversations'} it stands before the first message of the user, as Gemma 3's template puts it.`,
        ]
      : []),
    ...(thoughts > 0
      ? [
          `Thinking is off: thoughts are left out of ${thoughts} ${thoughts === 1 ? 'answer' : 'answers'}.`,
        ]
      : []),
    ...early,
    ...tellPassedOver(conversations, tokenizer),
  ];
}
