/** Turns an example or a prompt into the messages or the plain text that the model is given. */
import type { Message, Prompt } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Example, Turn } from '../dataset/example.ts';
import type { Conversation } from '../tokenizer/chat-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { checkRows, withBos } from './token-rules.ts';
import { lastAnswer } from './answers.ts';
import { ignoredPart } from './ignored-part.ts';

/** An example in the one form that its model takes. */
export type Rendering =
  | { kind: 'chat'; conversation: Conversation<Turn> }
  | { kind: 'plain'; prompt: string; answer: string };

/**
 * A pair becomes a user's and an assistant's turn where the model has a chat template, and stays text where it has
 * none; "text" is an answer without a prompt. Training, evaluation and generation all go through here.
 */
export function renderingOf(example: Example, tokenizer: Tokenizer): Rendering {
  if (example.kind === 'text') return { kind: 'plain', prompt: '', answer: example.text };
  const { tools } = example;
  if (example.kind === 'completion' && !tokenizer.hasChatTemplate) {
    const { system, prompt, completion } = example;
    // A system prompt and tools are parts of a conversation.
    if (system === undefined && tools === undefined) {
      return { kind: 'plain', prompt, answer: completion };
    }
  }
  const messages = messagesOf(example).map((each) => tokenizer.fitMessage(each));
  return { kind: 'chat', conversation: { messages, ...(tools && { tools }) } };
}

/** The messages of an example or a prompt; a pair's as they are with a chat template, none of running text. */
export function messagesOf(of: Example): Turn[];
export function messagesOf(of: Example | Prompt): Message[];
export function messagesOf(of: Example | Prompt): Message[] {
  switch (of.kind) {
    case 'chat':
      return of.messages;
    case 'text':
      return [];
    case 'completion': {
      const { system, prompt, completion } = of;
      return [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        { role: 'user', content: prompt },
        { role: 'assistant', content: completion },
      ];
    }
  }
}

/**
 * What to ask a model, and the right reply: what it would write there for the example's last answer, a thought that its
 * template puts before it included. Null where the example asks nothing ("text", a prompt of no tokens, or a conversation that does not end with an
 * answer to be learnt).
 */
export function questionOf(
  example: Example,
  tokenizer: Tokenizer,
): { prompt: Prompt; answer: string } | null {
  const rendering = renderingOf(example, tokenizer);
  if (rendering.kind === 'plain') {
    const { prompt, answer } = rendering;
    const asks = example.kind !== 'text' && plainTokens(prompt, tokenizer).length > 0;
    return !asks ? null : { prompt: { kind: 'text', text: prompt }, answer };
  }
  const { messages, ...others } = rendering.conversation;
  const last = messages.at(-1);
  const before = messages.slice(0, -1);
  if (last?.role !== 'assistant' || last.context || before.length === 0) return null;
  const answer = lastAnswer(rendering.conversation, tokenizer, example.line);
  if ('reason' in answer) return null;
  return { prompt: { kind: 'chat', messages: before, ...others }, answer: answer.body };
}

/**
 * The tokens that generation starts from.
 * @throws tokenizer/no-chat-template, tokenizer/template-failed, tokenizer/ignored-part, tokenizer/no-tokens, tokenizer/no-row
 */
export function promptTokens(prompt: Prompt, tokenizer: Tokenizer): number[] {
  if (prompt.kind === 'text') {
    return checkPrompt(plainTokens(prompt.text, tokenizer), 'prompt', tokenizer);
  }
  const fitting = {
    ...prompt,
    messages: prompt.messages.map((each) => tokenizer.fitMessage(each)),
  };
  const ignored = ignoredPart(fitting, tokenizer);
  if (ignored !== null) throw lorikeetError('tokenizer/ignored-part', { part: ignored });
  const text = tokenizer.renderChat(fitting, { addGenerationPrompt: true });
  return checkPrompt(tokenizer.encode(text), 'chat template', tokenizer);
}

function plainTokens(text: string, tokenizer: Tokenizer): number[] {
  return withBos(tokenizer.encode(text), tokenizer);
}

/** The first token of an answer is predicted from the last one of the prompt. */
function checkPrompt(
  tokens: number[],
  from: 'prompt' | 'chat template',
  tokenizer: Tokenizer,
): number[] {
  if (tokens.length === 0) throw lorikeetError('tokenizer/no-tokens', { from });
  return checkRows(tokens, tokenizer);
}
