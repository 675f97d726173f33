/** Turns an example or a prompt into the messages or the plain text that the model is given. */
import type { Message, Prompt } from '../../../shared/contract/engine.ts';
import type { Example } from '../dataset/example.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** An example in the one form that its model takes. */
export type Rendering =
  { kind: 'chat'; messages: Message[] } | { kind: 'plain'; prompt: string; answer: string };

/**
 * A pair becomes a user's and an assistant's turn where the model has a chat template, and stays text where it has
 * none; "text" is an answer without a prompt. Training, evaluation and generation all go through here.
 */
export function renderingOf(example: Example, tokenizer: Tokenizer): Rendering {
  switch (example.kind) {
    case 'chat':
      return { kind: 'chat', messages: example.messages };
    case 'text':
      return { kind: 'plain', prompt: '', answer: example.text };
    case 'completion':
      if (!tokenizer.hasChatTemplate) {
        return { kind: 'plain', prompt: example.prompt, answer: example.completion };
      }
      return {
        kind: 'chat',
        messages: [
          { role: 'user', content: example.prompt },
          { role: 'assistant', content: example.completion },
        ],
      };
  }
}

/**
 * What to ask a model so that the example's last answer is the right reply; null where the example asks nothing
 * ("text", or a conversation that does not end with an answer).
 */
export function questionOf(
  example: Example,
  tokenizer: Tokenizer,
): { prompt: Prompt; answer: string } | null {
  const rendering = renderingOf(example, tokenizer);
  if (rendering.kind === 'plain') {
    const { prompt, answer } = rendering;
    return example.kind === 'text' ? null : { prompt: { kind: 'text', text: prompt }, answer };
  }
  const last = rendering.messages.at(-1);
  const before = rendering.messages.slice(0, -1);
  if (last?.role !== 'assistant' || before.length === 0) return null;
  return { prompt: { kind: 'chat', messages: before }, answer: last.content };
}

/**
 * The tokens that generation starts from.
 * @throws tokenizer/no-chat-template, tokenizer/template-failed
 */
export function promptTokens(prompt: Prompt, tokenizer: Tokenizer): number[] {
  if (prompt.kind === 'chat') {
    return tokenizer.encode(tokenizer.renderChat(prompt.messages, { addGenerationPrompt: true }));
  }
  return withBos(tokenizer.encode(prompt.text), tokenizer);
}

/** Puts the bos token first where the model's texts start with it and these do not yet. */
export function withBos(tokens: readonly number[], tokenizer: Tokenizer): number[] {
  const { bosTokenId } = tokenizer;
  const missing = tokenizer.startsWithBos && bosTokenId !== null && tokens[0] !== bosTokenId;
  return missing ? [bosTokenId, ...tokens] : [...tokens];
}
