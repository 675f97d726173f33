/** A model's chat template: messages to the exact text that the model was taught on. */
import { Template } from '@huggingface/jinja';
import type { Message, Tools } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../../shared/errors/message-of.ts';

export type Conversation<M extends Message = Message> = {
  messages: readonly M[];
  tools?: Tools;
};

export type ChatTemplate = {
  /** @throws tokenizer/no-chat-template, tokenizer/template-failed */
  render: (conversation: Conversation, options: { addGenerationPrompt: boolean }) => string;
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
  return {
    render({ messages, tools }, { addGenerationPrompt }) {
      if (template === null) throw lorikeetError('tokenizer/no-chat-template', undefined);
      if (messages.length === 0) throw failed('it has no messages');
      try {
        return template.render({
          ...present,
          messages: messages.map(({ role, content, further }) => ({ ...further, role, content })),
          add_generation_prompt: addGenerationPrompt,
          // An empty list would count as "there are tools" in several templates.
          tools: tools ?? null,
        });
      } catch (error) {
        throw failed(messageOf(error), error);
      }
    },
  };
}

function compile(source: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    throw failed(messageOf(error), error);
  }
}

function failed(reason: string, cause?: unknown): Error {
  return lorikeetError('tokenizer/template-failed', { reason }, { cause });
}
