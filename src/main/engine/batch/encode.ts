/** Examples to tokens, with a mark on those that are learnt: the answers, each with its end-of-turn token. */
import type { BadLine } from '../../../shared/contract/data-report.ts';
import { LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Example } from '../dataset/example.ts';
import { parseExample } from '../dataset/parse-example.ts';
import { loadData, tellUnusedKeys, type DataFile } from '../dataset/read-data.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { mapWithinTime } from '../within-time.ts';
import { answerFault } from './answer-faults.ts';
import { answersOf, type Answer } from './answers.ts';
import { messagesOf, renderingOf } from './conversation.ts';
import { tellFitted } from './tell-fitted.ts';
import type { LoadedData } from './loaded-data.ts';
import { countLosses, nextTokenLabels, type Sequence } from './sequence.ts';
import { ignoredPart } from './ignored-part.ts';
import { refusedAt } from './refused-at.ts';
import { checkRows, withBos, withEnd } from './token-rules.ts';

export { promptTokens, questionOf } from './conversation.ts';

type Part = { tokens: readonly number[]; learnt: boolean };

/**
 * The sequences of one example: one, or several where the chat template changes earlier parts of a conversation as it goes on.
 * The tokens before an answer are exactly those that generation would be given.
 * @throws dataset/bad-example when there is no answer to learn from or the chat template refuses it,
 *   tokenizer/no-chat-template for a conversation and a model without one, tokenizer/unlike-prompt
 */
export function encodeExample(example: Example, tokenizer: Tokenizer): Sequence[] {
  const result = tryEncode(example, tokenizer);
  if ('reason' in result) throw lorikeetError('dataset/bad-example', result);
  return result;
}

/**
 * Encodes what can be encoded, and names the rest.
 * @throws tokenizer/no-chat-template and tokenizer/unlike-prompt, misfits of model and data rather than of a line
 */
export function encodeExamples(
  examples: readonly Example[],
  tokenizer: Tokenizer,
): { encoded: Sequence[][]; badLines: BadLine[] } {
  const encoded: Sequence[][] = [];
  const badLines: BadLine[] = [];
  for (const result of mapWithinTime(examples, (example) => tryEncode(example, tokenizer))) {
    if ('reason' in result) badLines.push(result);
    else encoded.push(result);
  }
  return { encoded, badLines };
}

/**
 * A data file as examples and tokens, every line of it.
 * @throws dataset/bad-lines naming each line that cannot be used, and what `loadData` throws
 */
export async function loadEncoded(
  file: DataFile,
  tokenizer: Tokenizer,
): Promise<LoadedData<Example>> {
  const data = await loadData(file, parseExample);
  const { examples, unit } = data;
  const { path } = file;
  const { encoded, badLines } = encodeExamples(examples, tokenizer);
  if (badLines.length > 0) throw lorikeetError('dataset/bad-lines', { path, unit, badLines });
  const notices = [...tellUnusedKeys(data, path), ...tellFitted(examples, tokenizer)];
  return { examples, encoded, notices };
}

/** Errors that are a line's own fault, or that hold for this line. */
const ofLine: ReadonlySet<string> = new Set(['tokenizer/template-failed', 'tokenizer/no-row']);

function tryEncode(example: Example, tokenizer: Tokenizer): Sequence[] | BadLine {
  const { line } = example;
  try {
    const sequences = partsOf(example, tokenizer);
    if ('reason' in sequences) return { line, reason: sequences.reason };
    const encoded = sequences.flatMap((parts) => join(line, parts, tokenizer) ?? []);
    return encoded.length > 0 ? encoded : { line, reason: 'there is no answer to learn from' };
  } catch (error) {
    if (error instanceof LorikeetError && ofLine.has(error.code)) {
      const message = refusedAt(example, tokenizer);
      const place = message === null ? '' : ` It takes what stands before message ${message}.`;
      return { line, reason: `${error.problem.what}${place}` };
    }
    throw error;
  }
}

function partsOf(example: Example, tokenizer: Tokenizer): Part[][] | { reason: string } {
  const rendering = renderingOf(example, tokenizer);
  if (rendering.kind === 'plain') {
    const parts = plainParts(rendering, tokenizer);
    const few = (parts.at(-1)?.tokens.length ?? 0) < 4;
    const isEnd = few && isNothingButEnds(rendering.answer.trim(), tokenizer);
    return isEnd ? { reason: 'the answer is nothing but the end of a text' } : [parts];
  }
  const { conversation } = rendering;
  if (example.kind === 'completion' && !tokenizer.hasChatTemplate) {
    const key = example.system === undefined ? 'tools' : 'system';
    return { reason: `"${key}" beside a pair needs a chat template, and the model has none` };
  }
  const fault = answerFault(messagesOf(example), conversation.messages, tokenizer);
  if (fault !== null) return { reason: fault };
  const ignored = ignoredPart(conversation, tokenizer);
  if (ignored !== null) return { reason: `the model's chat template does not use ${ignored}` };
  const answers = answersOf(conversation, tokenizer, example.line);
  return 'reason' in answers ? answers : sequencesOf(answers, tokenizer);
}

function isNothingButEnds(text: string, tokenizer: Tokenizer): boolean {
  return tokenizer.encode(text).every((id) => tokenizer.stopTokenIds.includes(id));
}

function plainParts({ prompt, answer }: { prompt: string; answer: string }, tokenizer: Tokenizer) {
  const encode = (text: string) => tokenizer.encode(text);
  if (prompt === '') {
    return [{ tokens: withBos(withEnd(answer, encode, tokenizer), tokenizer), learnt: true }];
  }
  const after = (text: string) => tokenizer.encodeAfter(prompt, text) ?? encode(text);
  return [
    { tokens: withBos(encode(prompt), tokenizer), learnt: false },
    { tokens: withEnd(answer, after, tokenizer), learnt: true },
  ];
}

/** Answers share a sequence as long as what is given before the next goes on from the last, in its tokens as well. */
function sequencesOf(answers: readonly Answer[], tokenizer: Tokenizer): Part[][] {
  const sequences: Part[][] = [];
  /** The text so far; null where it cannot be gone on from. */
  let done: string | null = null;
  for (const { given, body, end } of answers) {
    const text = body + end;
    const between: number[] | null =
      done !== null && given.startsWith(done)
        ? tokenizer.encodeAfter(done, given.slice(done.length))
        : null;
    if (between === null) sequences.push([]);
    const parts = sequences.at(-1);
    parts?.push({ tokens: between ?? tokenizer.encode(given), learnt: false });
    const after = tokenizer.encodeAfter(given, text);
    parts?.push({ tokens: after ?? tokenizer.encode(text), learnt: true });
    done = after === null ? null : given + text;
  }
  return sequences;
}

/** Null where nothing is learnt. */
function join(line: number, parts: readonly Part[], tokenizer: Tokenizer): Sequence | null {
  const length = parts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const tokens = new Int32Array(length);
  const lossMask = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    tokens.set(part.tokens, at);
    if (part.learnt) lossMask.fill(1, at, at + part.tokens.length);
    at += part.tokens.length;
  }
  checkRows(tokens, tokenizer);
  const labels = nextTokenLabels(tokens, lossMask);
  return countLosses(labels) > 0 ? { line, tokens, labels } : null;
}
