/** From which message on a chat template refuses a conversation. */
import type { Example } from '../dataset/example.ts';
import { isRefusal } from '../tokenizer/chat-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Its number, from 1; null for a pair, or where the template refuses the first question already or all of it is taken. */
export function refusedAt(example: Example, tokenizer: Tokenizer): number | null {
  if (example.kind !== 'chat') return null;
  const { messages } = example;
  const refuses = (count: number) => !renders(messages.slice(0, count), tokenizer);
  const asked = messages.findIndex(({ role }) => role === 'user') + 1;
  if (asked === 0 || refuses(asked)) return null;
  const others = Array.from({ length: messages.length - asked }, (_, i) => asked + 1 + i);
  return others.find(refuses) ?? null;
}

function renders(
  messages: Extract<Example, { kind: 'chat' }>['messages'],
  tokenizer: Tokenizer,
): boolean {
  try {
    tokenizer.renderChat({ messages }, { addGenerationPrompt: false });
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
