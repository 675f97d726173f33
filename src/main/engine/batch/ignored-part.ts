/** Finds what a chat template passes over: tools, further keys of messages, and whole messages. */
import type { Turn } from '../dataset/example.ts';
import { isHarmlessInMessage } from '../dataset/other-keys.ts';
import type { Conversation } from '../tokenizer/chat-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { asQuestion, cutAfter, ignoresKey, isSameText } from './same-text.ts';

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
  const same = (a: Conversation, b: Conversation) => isSameText(a, b, tokenizer);
  if (tools !== undefined && same(conversation, { messages })) return '"tools"';
  const dropped = perhapsDropped(conversation, tokenizer);
  for (const [index, message] of messages.entries()) {
    const { role, content, context } = message;
    if ((optionalRoles.has(role) || dropped.has(message)) && content.trim() !== '') {
      const other = { ...message, content: 'Another content.' };
      const changed = { ...conversation, messages: messages.with(index, other) };
      if (same(conversation, changed)) return named(index, role);
    }
    const cut = cutAfter(conversation, index);
    // An answer that is learnt is held against its content there.
    if (context && content.trim() !== '') {
      const other = { ...message, content: `${content} And more.` };
      if (same(cut, { ...cut, messages: cut.messages.with(index, other) }))
        return named(index, role);
    }
    const keys = Object.keys(message.further ?? {}).filter(
      (each) => each !== reference && !isHarmlessInMessage(each, role),
    );
    const key = keys.find((each) => ignoresKey(conversation, index, each, tokenizer));
    if (key !== undefined) return `"${key}" of message ${index + 1}`;
  }
  return null;
}

/**
 * Questions whose words stand nowhere in the text, as where a template writes the last turns alone. The only question of a
 * conversation is not looked for: that costs a rendering of each example.
 */
function perhapsDropped(conversation: Conversation<Turn>, tokenizer: Tokenizer): ReadonlySet<Turn> {
  const questions = conversation.messages.filter(({ role }) => role === 'user');
  if (questions.length < 2) return new Set();
  const text = tokenizer.renderChat(asQuestion(conversation), { addGenerationPrompt: true });
  return new Set(questions.filter(({ content }) => !text.includes(content.trim())));
}

function named(index: number, role: string): string {
  return `message ${index + 1}, of the role "${role}"`;
}
