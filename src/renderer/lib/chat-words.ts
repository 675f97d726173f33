/** What is said of an answer in the playground. */
import type { ChatAnswer, ChatEnd } from '../../shared/contract/chat.ts';
import { howMany } from '../../shared/how-many.ts';
import { formatRate } from '../../shared/format.ts';

const endings: Record<ChatEnd, string | null> = {
  end: null,
  length: 'cut at the longest answer',
  context: 'cut where the model’s context is full',
  stopped: 'stopped',
};

/** '12 tokens · 31.5 tok/s · stopped' */
export function sayAnswer({
  tokens,
  tokensPerSecond,
  ended,
}: Pick<ChatAnswer, 'tokens' | 'tokensPerSecond' | 'ended'>): string {
  const speed = tokens > 0 ? formatRate(tokensPerSecond) : null;
  return [howMany(tokens, 'token'), speed, endings[ended]]
    .filter((part) => part !== null)
    .join(' · ');
}
