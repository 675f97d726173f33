/** One JSON object of a data file to an example, or the reason why it cannot be one. */
import type { Tools } from '../../../shared/contract/engine.ts';
import type { Example } from './example.ts';
import { isEmpty, kindOf, type JsonObject } from './json-value.ts';
import { besides } from './other-keys.ts';
import { parseTools } from './parse-tools.ts';
import { parseTurns } from './parse-turns.ts';
import type { Parsed } from './read-data.ts';

/** The name of a format as reports show it. */
type Format = 'messages' | 'prompt/completion' | 'instruction/input/output' | 'text';

/** An example without its place in the file. */
type Content = Example extends infer E ? (E extends Example ? Omit<E, 'line'> : never) : never;
type Beside = { system: string | null; tools: Tools | null };
type FormatRule = {
  name: Format;
  /** A line with one of these has the format. */
  keys: readonly string[];
  /** Keys that the format honours beside them. */
  more: readonly string[];
  read: (json: JsonObject, beside: Beside) => Content | { reason: string };
};

const formats: readonly FormatRule[] = [
  { name: 'messages', keys: ['messages'], more: ['system', 'tools'], read: readMessages },
  {
    name: 'prompt/completion',
    keys: ['prompt', 'completion'],
    more: ['system', 'tools'],
    read: (json, beside) => readPair(json, 'prompt', 'completion', beside),
  },
  {
    name: 'instruction/input/output',
    keys: ['instruction', 'output'],
    more: ['input', 'system', 'tools'],
    read: readInstruction,
  },
  { name: 'text', keys: ['text'], more: [], read: readText },
];

/** One row of a data file as an example for next-token prediction. */
export function parseExample(json: JsonObject, line: number): Parsed<Example> {
  // Tables that are written as JSON have every column in every line, null where it does not belong.
  const format =
    formats.find(({ keys }) => keys.some((key) => !isEmpty(json[key]))) ??
    formats.find(({ keys }) => keys.some((key) => key in json));
  if (format === undefined) return { reason: noFormat(json) };
  const others = besides(json, [...format.keys, ...format.more]);
  if ('reason' in others) return others;
  const beside = readBeside(json);
  if ('reason' in beside) return beside;
  const content = format.read(json, beside);
  if ('reason' in content) return content;
  return { example: { line, ...content }, format: format.name, unused: others.unused };
}

function noFormat(json: JsonObject): string {
  const keys = Object.keys(json)
    .slice(0, 8)
    .map((key) => `"${key}"`);
  const has = keys.length === 0 ? 'it has no keys' : `it has only ${keys.join(', ')}`;
  return `${has}; expected are "messages", or "prompt" and "completion", or "instruction" and "output", or "text"`;
}

function readBeside(json: JsonObject): Beside | { reason: string } {
  const system = json['system'] ?? '';
  if (typeof system !== 'string') return { reason: `"system" is ${kindOf(system)}, not text` };
  const parsed = parseTools(json['tools']);
  if ('reason' in parsed) return parsed;
  return { system: system === '' ? null : system, tools: parsed.tools };
}

function readMessages(json: JsonObject, { system, tools }: Beside): Content | { reason: string } {
  const parsed = parseTurns(json['messages']);
  if ('reason' in parsed) return parsed;
  const { turns } = parsed;
  if (system !== null && turns.some(({ role }) => role === 'system')) {
    return { reason: 'it has a system prompt twice: as "system" and in "messages"' };
  }
  const answers = turns.filter(({ role }) => role === 'assistant');
  if (answers.length === 0) {
    return { reason: 'there is no answer to learn from: no message has the role "assistant"' };
  }
  if (answers.every(({ context }) => context)) {
    return {
      reason: 'there is no answer to learn from: "weight" or "train" excludes every answer',
    };
  }
  const messages = system === null ? turns : [{ role: 'system', content: system }, ...turns];
  return { kind: 'chat', messages, ...(tools === null ? {} : { tools }) };
}

function readInstruction(json: JsonObject, beside: Beside): Content | { reason: string } {
  const input = json['input'] ?? '';
  if (typeof input !== 'string') return { reason: `"input" is ${kindOf(input)}, not text` };
  const pair = readPair(json, 'instruction', 'output', beside);
  if (input === '' || !('prompt' in pair)) return pair;
  return { ...pair, prompt: `${pair.prompt}\n\n${input}` };
}

function readPair(
  json: JsonObject,
  question: string,
  answer: string,
  { system, tools }: Beside,
): Content | { reason: string } {
  for (const key of [question, answer])
    if (!(key in json)) return { reason: `"${key}" is missing` };
  const prompt = json[question];
  const completion = json[answer];
  if (typeof prompt !== 'string') return notText(question, prompt);
  if (typeof completion !== 'string') return notText(answer, completion);
  if (completion.trim() === '') return { reason: `the answer ("${answer}") is empty` };
  return {
    kind: 'completion',
    prompt,
    completion,
    ...(system === null ? {} : { system }),
    ...(tools === null ? {} : { tools }),
  };
}

function readText(json: JsonObject): Content | { reason: string } {
  const { text } = json;
  if (typeof text !== 'string') return notText('text', text);
  if (text.trim() === '') return { reason: '"text" is empty' };
  return { kind: 'text', text };
}

function notText(key: string, value: unknown): { reason: string } {
  return { reason: `"${key}" is ${kindOf(value)}, not text` };
}
