/** Finds what a chat template passes over: tools, further keys of messages, and whole messages. */
import type { Message } from '../../../shared/contract/engine.ts';
import type { Turn } from '../dataset/example.ts';
import { isHarmlessInMessage } from '../dataset/other-keys.ts';
import type { Conversation } from '../tokenizer/chat-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Templates for chats write users and answers; those without these roles pass them over. */
const optionalRoles: ReadonlySet<string> = new Set(['system', 'tool']);

/** Names the call that a tool answers; what the tool says is in its content. */
const reference = 'tool_call_id';

/**
 * The first part that changes nothing in the rendered text, in words; null where all are used.
 * @throws tokenizer/no-chat-template, tokenizer/template-failed
 */
export function ignoredPart(conversation: Conversation<Turn>, tokenizer: Tokenizer): string | null {
  const { messages, tools } = conversation;
  const render = (each: Conversation, addGenerationPrompt: boolean) =>
    tokenizer.renderChat(each, { addGenerationPrompt });
  // Some templates write a part only into the prompt for an answer, as Mistral Nemo's the system prompt.
  const same = (a: Conversation, b: Conversation): boolean =>
    render(a, false) === render(b, false) &&
    render(asQuestion(a), true) === render(asQuestion(b), true);
  if (tools !== undefined && same(conversation, { messages })) return '"tools"';
  const dropped = perhapsDropped(conversation, render);
  for (const [index, message] of messages.entries()) {
    const { role, content, context } = message;
    if ((optionalRoles.has(role) || dropped.has(message)) && content.trim() !== '') {
      const other = { ...message, content: 'Another content.' };
      const changed = { ...conversation, messages: messages.with(index, other) };
      if (same(conversation, changed)) return named(index, role);
    }
    // Cut after the message: later on a template may drop a key, as Qwen3's drops earlier thoughts.
    const cut = { ...conversation, messages: messages.slice(0, index + 1) };
    // An answer that is learnt is held against its content there.
    if (context && content.trim() !== '') {
      const other = { ...message, content: `${content} And more.` };
      if (same(cut, { ...cut, messages: cut.messages.with(index, other) }))
        return named(index, role);
    }
    const keys = Object.keys(message.further ?? {}).filter(
      (each) => each !== reference && !isHarmlessInMessage(each),
    );
    const key = keys.find((each) =>
      same(cut, { ...cut, messages: cut.messages.with(index, without(message, each)) }),
    );
    if (key !== undefined) return `"${key}" of message ${index + 1}`;
  }
  return null;
}

/**
 * Questions whose words stand nowhere in the text, as where a template writes the last turns alone. The only question of a
 * conversation is not looked for: that costs a rendering of each example.
 */
function perhapsDropped(
  conversation: Conversation<Turn>,
  render: (each: Conversation, addGenerationPrompt: boolean) => string,
): ReadonlySet<Turn> {
  const questions = conversation.messages.filter(({ role }) => role === 'user');
  if (questions.length < 2) return new Set();
  const text = render(asQuestion(conversation), true);
  return new Set(questions.filter(({ content }) => !text.includes(content.trim())));
}

function named(index: number, role: string): string {
  return `message ${index + 1}, of the role "${role}"`;
}

/** Cut where an answer is due: before the last one, if it ends with that. */
function asQuestion({ messages, ...others }: Conversation): Conversation {
  const answered = messages.length > 1 && messages.at(-1)?.role === 'assistant';
  return { messages: answered ? messages.slice(0, -1) : messages, ...others };
}

function without(message: Message, key: string): Message {
  const further = Object.entries(message.further ?? {}).filter(([other]) => other !== key);
  return { ...message, further: Object.fromEntries(further) };
}
