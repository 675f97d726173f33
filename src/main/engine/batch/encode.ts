/** Examples to tokens, with a mark on those that are learnt: the answers, each with its end-of-turn token. */
import type { Message } from '../../../shared/contract/engine.ts';
import type { BadLine } from '../../../shared/contract/records.ts';
import { LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Example } from '../dataset/example.ts';
import { loadExamples } from '../dataset/jsonl.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { markAnswers } from './answer-spans.ts';
import { renderingOf, withBos } from './conversation.ts';
import type { EncodedExample } from './encoded-example.ts';

export type { EncodedExample } from './encoded-example.ts';
export { promptTokens, questionOf } from './conversation.ts';

type Part = { tokens: readonly number[]; learnt: boolean };

/**
 * The tokens of one example. The text before an answer has exactly the tokens that generation would be given.
 * @throws dataset/bad-example when there is no answer to learn from or the chat template refuses it,
 *   tokenizer/no-chat-template for a conversation and a model without one
 */
export function encodeExample(example: Example, tokenizer: Tokenizer): EncodedExample {
  const result = tryEncode(example, tokenizer);
  if ('reason' in result) throw lorikeetError('dataset/bad-example', result);
  return result;
}

/**
 * Encodes what can be encoded, and names the rest.
 * @throws tokenizer/no-chat-template, which is a misfit of model and data rather than of a line
 */
export function encodeExamples(
  examples: readonly Example[],
  tokenizer: Tokenizer,
): { encoded: EncodedExample[]; badLines: BadLine[] } {
  const encoded: EncodedExample[] = [];
  const badLines: BadLine[] = [];
  for (const example of examples) {
    const result = tryEncode(example, tokenizer);
    if ('reason' in result) badLines.push(result);
    else encoded.push(result);
  }
  return { encoded, badLines };
}

/**
 * A data file as examples and tokens, every line of it.
 * @throws dataset/bad-lines naming each line that cannot be used, and what `loadExamples` throws
 */
export async function loadEncoded(
  path: string,
  tokenizer: Tokenizer,
): Promise<{ examples: Example[]; encoded: EncodedExample[] }> {
  const examples = await loadExamples(path);
  const { encoded, badLines } = encodeExamples(examples, tokenizer);
  if (badLines.length > 0) throw lorikeetError('dataset/bad-lines', { path, badLines });
  return { examples, encoded };
}

function tryEncode(example: Example, tokenizer: Tokenizer): EncodedExample | BadLine {
  const { line } = example;
  const parts = partsOf(example, tokenizer);
  if ('reason' in parts) return { line, reason: parts.reason };
  return join(line, parts) ?? { line, reason: 'there is no answer to learn from' };
}

function partsOf(example: Example, tokenizer: Tokenizer): Part[] | { reason: string } {
  const rendering = renderingOf(example, tokenizer);
  if (rendering.kind === 'plain') {
    const { prompt, answer } = rendering;
    const after = [...tokenizer.encodeAfter(prompt, answer), tokenizer.eosTokenId];
    return [
      { tokens: withBos(tokenizer.encode(prompt), tokenizer), learnt: false },
      { tokens: after, learnt: true },
    ];
  }
  const marked = tryMark(rendering.messages, tokenizer);
  if ('reason' in marked) return marked;
  const parts: Part[] = [];
  let done = 0;
  const add = (end: number, learnt: boolean): void => {
    const context = marked.text.slice(0, done);
    parts.push({ tokens: tokenizer.encodeAfter(context, marked.text.slice(done, end)), learnt });
    done = end;
  };
  // Nothing after the last answer is of use.
  for (const { start, end } of marked.answers) {
    add(start, false);
    add(end, true);
  }
  return parts;
}

/** A template that refuses a conversation makes its line bad, not the whole file. */
function tryMark(
  messages: readonly Message[],
  tokenizer: Tokenizer,
): ReturnType<typeof markAnswers> {
  try {
    return markAnswers(messages, tokenizer);
  } catch (error) {
    if (error instanceof LorikeetError && error.code === 'tokenizer/template-failed') {
      return { reason: error.problem.what };
    }
    throw error;
  }
}

/** Null where nothing is learnt. */
function join(line: number, parts: readonly Part[]): EncodedExample | null {
  const length = parts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const tokens = new Int32Array(length);
  const learnt = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    tokens.set(part.tokens, at);
    if (part.learnt) learnt.fill(1, at, at + part.tokens.length);
    at += part.tokens.length;
  }
  // The first token has nothing before it to be predicted from.
  learnt.fill(0, 0, 1);
  return learnt.includes(1) ? { line, tokens, learnt } : null;
}
