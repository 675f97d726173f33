/** A question and its answer in keys of their own, with what was said before and thought between them. */
import type { Beside, Content, Turn } from './example.ts';
import { valueOf } from './json-text.ts';
import { isEmpty, kindOf, type JsonObject } from './json-value.ts';

type Pair = { prompt: string; completion: string };

/** The keys that may stand beside a pair. */
export const besidePair = ['system', 'tools', 'history', 'reasoning_content'] as const;

/** `question` and `answer` are the keys; `more` is a key whose text follows the question after a blank line. */
export function readPair(
  json: JsonObject,
  [question, answer]: readonly [string, string],
  beside: Beside,
  more?: string,
): Content | { reason: string } {
  const texts = textsOf(json, [question, answer, ...(more === undefined ? [] : [more])], more);
  if ('reason' in texts) return texts;
  const [asked = '', completion = '', rest = ''] = texts.values;
  if (completion.trim() === '') return { reason: `the answer ("${answer}") is empty` };
  const pair = { prompt: [asked, rest].filter((text) => text !== '').join('\n\n'), completion };
  // Alpaca's rows have it in one form. Beside a prompt several are about: with its question last, or without its answers.
  if (question === 'prompt' && !isNothing(json['history'])) {
    return {
      reason:
        '"history" beside "prompt" can mean several things; write the conversation as "messages", or the pair as "instruction" and "output"',
    };
  }
  const before = historyOf(json['history']);
  if ('reason' in before) return before;
  const thought = json['reasoning_content'] ?? '';
  if (typeof thought !== 'string') return notText('reasoning_content', thought);
  const { system, tools } = beside;
  const offered = tools === null ? {} : { tools };
  if (before.turns.length === 0 && thought === '') {
    return { kind: 'completion', ...pair, ...(system === null ? {} : { system }), ...offered };
  }
  return { kind: 'chat', messages: messagesOf(pair, before.turns, thought, system), ...offered };
}

/** What needs a conversation is one. */
function messagesOf(
  { prompt, completion }: Pair,
  before: readonly Turn[],
  thought: string,
  system: string | null,
): Turn[] {
  const answer: Turn = { role: 'assistant', content: completion };
  return [
    ...(system === null ? [] : [{ role: 'system', content: system }]),
    ...before,
    { role: 'user', content: prompt },
    thought === '' ? answer : { ...answer, further: { reasoning_content: thought } },
  ];
}

/** Texts of `keys`, of which only `optional` may be left out. */
function textsOf(
  json: JsonObject,
  keys: readonly string[],
  optional?: string,
): { values: string[] } | { reason: string } {
  const values: string[] = [];
  for (const key of keys) {
    if (key !== optional && !(key in json)) return { reason: `"${key}" is missing` };
  }
  for (const key of keys) {
    const value = key === optional ? (json[key] ?? '') : json[key];
    if (typeof value !== 'string') return notText(key, value);
    values.push(value);
  }
  return { values };
}

/** Alpaca's rounds before the question, [["first question", "first answer"], …]; their answers are learnt as well. */
function historyOf(value: unknown): { turns: Turn[] } | { reason: string } {
  const list = valueOf(value);
  if (isEmpty(list)) return { turns: [] };
  if (!Array.isArray(list)) return { reason: `"history" is ${kindOf(value)}, not a list` };
  const turns: Turn[] = [];
  for (const [index, round] of list.entries()) {
    const place = `round ${index + 1} of "history"`;
    const texts: readonly unknown[] = Array.isArray(round) ? round : [];
    const [asked, answered, ...rest] = texts;
    if (typeof asked !== 'string' || typeof answered !== 'string' || rest.length > 0) {
      return { reason: `${place} is not a pair of texts such as ["question", "answer"]` };
    }
    if (answered.trim() === '') return { reason: `the answer in ${place} is empty` };
    turns.push({ role: 'user', content: asked }, { role: 'assistant', content: answered });
  }
  return { turns };
}

function notText(key: string, value: unknown): { reason: string } {
  return { reason: `"${key}" is ${kindOf(value)}, not text` };
}

/** Also as the text of a column. */
function isNothing(value: unknown): boolean {
  const list = valueOf(value);
  return isEmpty(list) || (Array.isArray(list) && list.length === 0);
}
