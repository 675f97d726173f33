/** A model's chat template: messages to the exact text that the model was taught on. */
import { Template } from '@huggingface/jinja';
import type { Message } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../../shared/errors/message-of.ts';

export type ChatTemplate = {
  render: (messages: readonly Message[], options: { addGenerationPrompt: boolean }) => string;
  /** Which of `candidates` the template writes after an answer; null where it writes none of them. */
  endOfTurn: (
    candidates: readonly number[],
    textOf: (id: number) => string | null,
  ) => number | null;
};

/**
 * Compiles the Jinja source. `specialTokens` are the variables that templates expect beside the messages.
 * @throws tokenizer/template-failed when the source is not valid
 */
export function createChatTemplate(
  source: string | null,
  specialTokens: Readonly<Record<string, string | null>>,
): ChatTemplate {
  const template = source === null ? null : compile(source);
  const present = Object.fromEntries(
    Object.entries(specialTokens).filter(([, text]) => text !== null),
  );
  const render: ChatTemplate['render'] = (messages, { addGenerationPrompt }) => {
    if (template === null) throw lorikeetError('tokenizer/no-chat-template', undefined);
    if (messages.length === 0) {
      throw lorikeetError('tokenizer/template-failed', { reason: 'it has no messages' });
    }
    try {
      return template.render({
        ...present,
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: addGenerationPrompt,
        // An empty list would count as "there are tools" in several templates.
        tools: null,
      });
    } catch (error) {
      throw lorikeetError(
        'tokenizer/template-failed',
        { reason: messageOf(error) },
        { cause: error },
      );
    }
  };
  /** A template may know only other roles; then it cannot be asked, and the named end token stands. */
  const tryRender = (messages: readonly Message[]): string | null => {
    try {
      return render(messages, { addGenerationPrompt: false });
    } catch {
      return null;
    }
  };
  const endOfTurn: ChatTemplate['endOfTurn'] = (candidates, textOf) => {
    if (template === null) return null;
    const answer = 'An answer.';
    const text = tryRender([
      { role: 'user', content: 'A question?' },
      { role: 'assistant', content: answer },
    ]);
    if (text === null) return null;
    const rest = text.slice(text.lastIndexOf(answer) + answer.length);
    const found = candidates
      .map((id) => ({ id, at: rest.indexOf(textOf(id) ?? '\0') }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at);
    return found[0]?.id ?? null;
  };
  return { render, endOfTurn };
}

function compile(source: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    throw lorikeetError(
      'tokenizer/template-failed',
      { reason: messageOf(error) },
      { cause: error },
    );
  }
}
