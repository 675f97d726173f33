/** Whether a part of a conversation changes anything in the text that a chat template makes of it. */
import type { Message } from '../../../shared/contract/engine.ts';
import type { Conversation } from '../tokenizer/chat-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * Whether two conversations are the same text, also where an answer is asked for: some templates write a part only there, as
 * Mistral Nemo's the system prompt.
 * @throws tokenizer/no-chat-template, tokenizer/template-failed
 */
export function isSameText(a: Conversation, b: Conversation, tokenizer: Tokenizer): boolean {
  const render = (each: Conversation, addGenerationPrompt: boolean) =>
    tokenizer.renderChat(each, { addGenerationPrompt });
  return (
    render(a, false) === render(b, false) &&
    render(asQuestion(a), true) === render(asQuestion(b), true)
  );
}

/** Whether the text is the same without a further key of a message. Errors: as `isSameText`. */
export function ignoresKey(
  conversation: Conversation,
  index: number,
  key: string,
  tokenizer: Tokenizer,
): boolean {
  const cut = cutAfter(conversation, index);
  const messages = cut.messages.map((each, i) => (i === index ? without(each, key) : each));
  return isSameText(cut, { ...cut, messages }, tokenizer);
}

/** Later on a template may drop a key, as Qwen3's drops earlier thoughts. */
export function cutAfter<C extends Conversation>(conversation: C, index: number): C {
  return { ...conversation, messages: conversation.messages.slice(0, index + 1) };
}

/** Cut where an answer is due: before the last one, if it ends with that. */
export function asQuestion({ messages, ...others }: Conversation): Conversation {
  const answered = messages.length > 1 && messages.at(-1)?.role === 'assistant';
  return { messages: answered ? messages.slice(0, -1) : messages, ...others };
}

function without(message: Message, key: string): Message {
  const further = Object.entries(message.further ?? {}).filter(([other]) => other !== key);
  return { ...message, further: Object.fromEntries(further) };
}
