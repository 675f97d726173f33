/** Answers of data and conversations in the form that a chat template takes them in. */
import type { Message } from '../../../shared/contract/engine.ts';
import type { Thinking } from '../../../shared/contract/training-config.ts';
import type { TemplateTraits } from './template-traits.ts';
import { thoughtInContent, thoughtOpened, withoutThought } from './thoughts.ts';

export type FitMessage = <M extends Message>(message: M) => M;

/**
 * Takes from an answer the end of turn that it has at its very end, since the template writes one, and its thought where the
 * model is asked not to think. Where the template takes thoughts only as the beginning of the content, it is put there.
 * @param ends texts that end a turn; none where the template writes no end
 */
export function answerFitter(
  { takesThought, opensThought }: TemplateTraits,
  thinking: Thinking,
  ends: readonly string[],
): FitMessage {
  return (message) => {
    if (message.role !== 'assistant') return message;
    const content = withoutEnds(message.content, ends);
    const answer = content === message.content ? message : { ...message, content };
    if (thinking === 'off') return withoutThought(answer);
    if (!opensThought) return answer;
    const opened = thoughtOpened(answer);
    return takesThought ? opened : thoughtInContent(opened);
  };
}

function withoutEnds(text: string, ends: readonly string[]): string {
  const trimmed = text.trimEnd();
  const end = ends.find((each) => trimmed.endsWith(each));
  return end === undefined ? text : withoutEnds(trimmed.slice(0, -end.length), ends);
}
