/** What a chat template writes around an answer, told from the template alone. */
import type { Message } from '../../../shared/contract/engine.ts';
import type { Conversation } from './chat-template.ts';

export type TurnFrame = {
  /** The text up to the content of the last message; null where the template does not write contents as they are. */
  before: string | null;
  /** The text behind it. */
  after: string;
};

/**
 * Renders the conversation once more with another content of the last message: what both end with is the template's, whatever
 * the content has in it.
 * @param rendered the conversation as `render` gives it
 */
export function frameOfLast(
  { messages, ...others }: Conversation,
  rendered: string,
  render: (conversation: Conversation) => string,
): TurnFrame {
  const last = messages.at(-1);
  if (last === undefined) return { before: null, after: '' };
  // Another last character, so that the contents have none in common.
  const content = last.content.trimEnd().endsWith('.') ? 'An answer!' : 'An answer.';
  const probe: Message = { role: last.role, content };
  const other = render({ messages: [...messages.slice(0, -1), probe], ...others });
  const length = commonEnd(rendered, other);
  const after = other.slice(other.length - length);
  const end = content + after;
  return { before: other.endsWith(end) ? other.slice(0, -end.length) : null, after };
}

function commonEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}
