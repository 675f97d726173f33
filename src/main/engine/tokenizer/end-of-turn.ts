/** Which token ends a turn, found in what a chat template writes behind an answer. */
import { isRefusal, type ChatTemplate, type Conversation } from './chat-template.ts';
import { frameOfLast } from './turn-frame.ts';

export type AddedToken = { id: number; content: string; special: boolean };

/** Finds the first end token in a text: its id, and where it ends there. */
export type FindEnd = (text: string) => { id: number; end: number } | null;

/**
 * Special tokens and those that the model's files name as ends come first, other added tokens where there is none of
 * them; white space ends nothing.
 */
function endFinder(added: readonly AddedToken[], named: readonly AddedToken[]): FindEnd {
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

/** What a template writes behind an answer. */
export type AfterAnswer = {
  /** Where the conversation ends with it. */
  last: string;
  /** What this has in common with an answer after which the conversation goes on. */
  always: string;
};

/** Of the answer of a plain exchange; null where the template does not take one. */
export function textAfterAnswer(template: ChatTemplate): AfterAnswer | null {
  const render = (conversation: Conversation): string =>
    template.render(conversation, { addGenerationPrompt: false });
  const reply = 'Yes, a reply';
  const messages = [
    { role: 'user', content: 'A question?' },
    { role: 'assistant', content: reply },
  ];
  const more = [
    { role: 'user', content: 'And then?' },
    { role: 'assistant', content: 'Nothing' },
  ];
  try {
    const last = frameOfLast({ messages }, render({ messages }), render).after;
    const [, behind = ''] = render({ messages: [...messages, ...more] }).split(reply);
    return { last, always: last.slice(0, commonBeginning(last, behind)) };
  } catch (error) {
    // It may know other roles only; then it cannot be asked, and the named end token stands.
    if (isRefusal(error)) return null;
    throw error;
  }
}

function commonBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/**
 * The token that ends an answer, null where the template writes none, and the finder that knows it first. Some templates close parts of an answer with tokens of
 * their own, so a token that the model's files name goes before others; some write one behind the whole conversation only.
 */
export function endOfTurn(
  after: AfterAnswer | null,
  added: readonly AddedToken[],
  named: readonly AddedToken[],
): { id: number | null; find: FindEnd } {
  const find = endFinder(added, named);
  if (after === null) return { id: null, find };
  const within = (text: string) => firstOf(named.filter(isVisible), text) ?? find(text);
  const id = (within(after.always) ?? within(after.last))?.id ?? null;
  const own = [...named, ...added].filter((token) => token.id === id);
  return { id, find: (text) => firstOf(own, text) ?? find(text) };
}

/** What a person should know of a template whose answers end with no token; null where they do. */
export function tellNoEnd(after: AfterAnswer | null, findEnd: FindEnd): string | null {
  if (after === null || findEnd(after.last) !== null) return null;
  const text = after.last.trim();
  return text === ''
    ? 'The chat template writes no end-of-turn token after an answer. Answers are learnt without an end, so the model will go on until the most new tokens are reached.'
    : `The chat template ends an answer with ${JSON.stringify(text)}, which is no end-of-turn token of this tokenizer. It is learnt as text, and generation does not stop there.`;
}
