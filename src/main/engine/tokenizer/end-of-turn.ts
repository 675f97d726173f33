/** Which token ends a turn, found in what a chat template writes behind an answer. */
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { ChatTemplate, Conversation } from './chat-template.ts';
import { frameOfLast } from './turn-frame.ts';

export type AddedToken = { id: number; content: string; special: boolean };

/** Finds the first end token in a text: its id, and where it ends there. */
export type FindEnd = (text: string) => { id: number; end: number } | null;

/**
 * Special tokens and those that the model's files name as ends come first, other added tokens where there is none of
 * them; white space ends nothing.
 */
export function endFinder(added: readonly AddedToken[], named: readonly AddedToken[]): FindEnd {
  const sure = [...added.filter(({ special }) => special), ...named].filter(isVisible);
  const others = added.filter(isVisible);
  return (text) => firstOf(sure, text) ?? firstOf(others, text);
}

function isVisible({ content }: AddedToken): boolean {
  return content.trim() !== '';
}

function firstOf(tokens: readonly AddedToken[], text: string): ReturnType<FindEnd> {
  let first: { id: number; at: number; end: number } | null = null;
  for (const { id, content } of tokens) {
    const at = text.indexOf(content);
    const end = at + content.length;
    if (at < 0 || (first && (at > first.at || (at === first.at && end <= first.end)))) continue;
    first = { id, at, end };
  }
  return first && { id: first.id, end: first.end };
}

/** What the template writes behind the answer of a plain exchange; null where it does not take one. */
export function textAfterAnswer(template: ChatTemplate): string | null {
  const render = (conversation: Conversation): string =>
    template.render(conversation, { addGenerationPrompt: false });
  const messages = [
    { role: 'user', content: 'A question?' },
    { role: 'assistant', content: 'Yes, a reply' },
  ];
  try {
    return frameOfLast({ messages }, render({ messages }), render).after;
  } catch (error) {
    // It may know other roles only; then it cannot be asked, and the named end token stands.
    if (error instanceof LorikeetError) return null;
    throw error;
  }
}

/** What a person should know of a template whose answers end with no token; null where they do. */
export function tellNoEnd(after: string | null, findEnd: FindEnd): string | null {
  if (after === null || findEnd(after) !== null) return null;
  const text = after.trim();
  return text === ''
    ? 'The chat template writes no end-of-turn token after an answer. Answers are learnt without an end, so the model will go on until the most new tokens are reached.'
    : `The chat template ends an answer with ${JSON.stringify(text)}, which is no end-of-turn token of this tokenizer. It is learnt as text, and generation does not stop there.`;
}
