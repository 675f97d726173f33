/** One JSON object of a data file to an example of next-token prediction, or the reason why it cannot be one. */
import type { Beside, Content, Example } from './example.ts';
import { isEmpty, kindOf, type JsonObject } from './json-value.ts';
import { besides } from './other-keys.ts';
import { besidePair, readPair } from './parse-pair.ts';
import { parseTools } from './parse-tools.ts';
import { parseTurns } from './parse-turns.ts';
import type { Parsed } from './read-data.ts';

type FormatRule = {
  /** As reports show it. */
  name: string;
  /** A line with one of these has the format. */
  keys: readonly string[];
  /** Keys that the format honours beside them. */
  more: readonly string[];
  read: (json: JsonObject, beside: Beside) => Content | { reason: string };
};

const formats: readonly FormatRule[] = [
  chatFormat('messages'),
  chatFormat('conversations'),
  chatFormat('conversation'),
  {
    name: 'prompt/completion',
    keys: ['prompt', 'completion'],
    more: besidePair,
    read: (json, beside) => readPair(json, ['prompt', 'completion'], beside),
  },
  {
    name: 'instruction/input/output',
    keys: ['instruction', 'output'],
    more: ['input', ...besidePair],
    read: (json, beside) => readPair(json, ['instruction', 'output'], beside, 'input'),
  },
  { name: 'text', keys: ['text'], more: [], read: readText },
];

/** One row of a data file, its columns mapped. */
export function parseExample(json: JsonObject, line: number): Parsed<Example> {
  // Tables have every column in every row, null or empty where it does not belong.
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
  return `${has}; expected are "messages" or "conversations", or "prompt" and "completion", or "instruction" and "output", or "text"`;
}

function readBeside(json: JsonObject): Beside | { reason: string } {
  const system = json['system'] ?? '';
  if (typeof system !== 'string') return { reason: `"system" is ${kindOf(system)}, not text` };
  const parsed = parseTools(json['tools']);
  if ('reason' in parsed) return parsed;
  return { system: system === '' ? null : system, tools: parsed.tools };
}

/** A conversation under `key`. */
function chatFormat(key: string): FormatRule {
  const read = (json: JsonObject, beside: Beside) => readChat(json[key], key, beside);
  return { name: key, keys: [key], more: ['system', 'tools'], read };
}

function readChat(
  value: unknown,
  key: string,
  { system, tools }: Beside,
): Content | { reason: string } {
  const parsed = parseTurns(value, key);
  if ('reason' in parsed) return parsed;
  const { turns } = parsed;
  if (system !== null && turns.some(({ role }) => role === 'system')) {
    return { reason: `it has a system prompt twice: as "system" and in "${key}"` };
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

function readText({ text }: JsonObject): Content | { reason: string } {
  if (typeof text !== 'string') return { reason: `"text" is ${kindOf(text)}, not text` };
  if (text.trim() === '') return { reason: '"text" is empty' };
  return { kind: 'text', text };
}
