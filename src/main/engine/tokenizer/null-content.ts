/** Answers that are calls alone: OpenAI's have null for their content, and some chat templates go by that. */
import type { Message } from '../../../shared/contract/engine.ts';

/** Beside the keys of a message, which have no content among them. */
const key = 'content';

/** The message with null for its content where it says nothing and calls; itself elsewhere. */
export function withNullContent<M extends Message>(message: M): M {
  const { content, further = {} } = message;
  if (content !== '' || !('tool_calls' in further)) return message;
  return { ...message, further: { ...further, [key]: null } };
}

/** The content that a chat template is given. */
export function givenContent({ content, further }: Message): string | null {
  return content === '' && further?.[key] === null ? null : content;
}
