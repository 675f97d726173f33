/** A question as a model is asked it. */
import type { Prompt } from './contract/engine.ts';

/** A model with a chat template is asked with a message, as in training; one without continues the text. */
export function promptOf(question: string, model: { hasChatTemplate: boolean }): Prompt {
  return model.hasChatTemplate
    ? { kind: 'chat', messages: [{ role: 'user', content: question }] }
    : { kind: 'text', text: question };
}
