/** One JSON object of a data file to an example, or the reason why it cannot be one. */
import type { Message } from '../../../shared/contract/engine.ts';
import { isObject, type JsonObject } from '../../../shared/is-object.ts';
import type { Example } from './example.ts';

/** The name of a format as reports show it. */
export type Format = 'messages' | 'prompt/completion' | 'instruction/input/output' | 'text';
export type Parsed = { example: Example; format: Format } | { reason: string };

const knownRoles: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool']);

/** Parses one line. Blank lines are the caller's matter. */
export function parseExample(line: number, text: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { reason: `it is not JSON: ${excerpt(text)}` };
  }
  if (!isObject(json)) {
    return { reason: `it is ${kindOf(json)}, where an object such as {"prompt": …} is expected` };
  }
  if ('messages' in json) return parseMessages(line, json['messages']);
  if ('prompt' in json || 'completion' in json) return parseCompletion(line, json);
  if ('instruction' in json || 'output' in json) return parseInstruction(line, json);
  if ('text' in json) return parseText(line, json);
  const keys = Object.keys(json)
    .slice(0, 8)
    .map((key) => `"${key}"`);
  const has = keys.length === 0 ? 'it has no keys' : `it has only ${keys.join(', ')}`;
  return {
    reason: `${has}; expected are "messages", or "prompt" and "completion", or "instruction" and "output", or "text"`,
  };
}

function parseMessages(line: number, value: unknown): Parsed {
  if (!Array.isArray(value)) return { reason: `"messages" is ${kindOf(value)}, not a list` };
  if (value.length === 0) return { reason: '"messages" is empty' };
  const messages: Message[] = [];
  for (const [index, item] of value.entries()) {
    const place = `message ${index + 1}`;
    if (!isObject(item)) return { reason: `${place} is ${kindOf(item)}, not an object` };
    const { role, content } = item;
    if (typeof role !== 'string') return { reason: `${place} has no "role"` };
    if (!knownRoles.has(role)) {
      return {
        reason: `${place} has the unknown role "${role}"; roles are ${[...knownRoles].join(', ')}`,
      };
    }
    if (Array.isArray(item['tool_calls']) && item['tool_calls'].length > 0) {
      return { reason: `${place} has "tool_calls", which are not supported` };
    }
    if (typeof content !== 'string') {
      return { reason: `"content" of ${place} is ${kindOf(content)}, not text` };
    }
    if (role === 'assistant' && content.trim() === '')
      return { reason: `the answer in ${place} is empty` };
    messages.push({ role, content });
  }
  if (!messages.some(({ role }) => role === 'assistant')) {
    return { reason: 'there is no answer to learn from: no message has the role "assistant"' };
  }
  return { example: { line, kind: 'chat', messages }, format: 'messages' };
}

function parseCompletion(line: number, json: JsonObject): Parsed {
  const { prompt, completion } = json;
  const wrong = notText(json, ['prompt', 'completion']);
  if (wrong !== null) return { reason: wrong };
  if (typeof prompt !== 'string' || typeof completion !== 'string')
    return { reason: 'it is not text' };
  if (completion.trim() === '') return { reason: 'the answer ("completion") is empty' };
  return { example: { line, kind: 'completion', prompt, completion }, format: 'prompt/completion' };
}

function parseInstruction(line: number, json: JsonObject): Parsed {
  const { instruction, output } = json;
  const wrong = notText(json, ['instruction', 'output']);
  if (wrong !== null) return { reason: wrong };
  if (typeof instruction !== 'string' || typeof output !== 'string')
    return { reason: 'it is not text' };
  const input = json['input'] ?? '';
  if (typeof input !== 'string') return { reason: `"input" is ${kindOf(input)}, not text` };
  for (const key of ['system', 'history']) {
    const value = json[key];
    const empty =
      value === undefined ||
      value === null ||
      value === '' ||
      (Array.isArray(value) && value.length === 0);
    if (!empty)
      return {
        reason: `"${key}" beside "instruction" is not supported; write the line as "messages"`,
      };
  }
  if (output.trim() === '') return { reason: 'the answer ("output") is empty' };
  const prompt = input === '' ? instruction : `${instruction}\n\n${input}`;
  return {
    example: { line, kind: 'completion', prompt, completion: output },
    format: 'instruction/input/output',
  };
}

function parseText(line: number, json: JsonObject): Parsed {
  const text = json['text'];
  if (typeof text !== 'string') return { reason: `"text" is ${kindOf(text)}, not text` };
  if (text.trim() === '') return { reason: '"text" is empty' };
  return { example: { line, kind: 'text', text }, format: 'text' };
}

/** The first of the keys that is missing or is not a string. */
function notText(json: JsonObject, keys: readonly string[]): string | null {
  for (const key of keys) {
    if (!(key in json)) return `"${key}" is missing`;
    if (typeof json[key] !== 'string') return `"${key}" is ${kindOf(json[key])}, not text`;
  }
  return null;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The beginning of a line, with what cannot be shown replaced. */
function excerpt(text: string): string {
  const shown = text.slice(0, 40).replace(/\p{C}/gu, '·');
  return text.length > 40 ? `${shown}…` : shown;
}
