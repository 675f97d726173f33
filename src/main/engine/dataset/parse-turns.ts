/** The messages of a conversation: checked one by one, each key honoured or refused by name. */
import type { Turn } from './example.ts';
import { valueOf } from './json-text.ts';
import { isEmpty, isObject, kindOf, unwritableNumber, type JsonObject } from './json-value.ts';
import { learningOf } from './learning.ts';
import { parseCalls, tooLarge } from './parse-tools.ts';

const knownRoles: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool']);

/** How ShareGPT and its kin call the speakers. */
const roleOfSpeaker: ReadonlyMap<string, string> = new Map([
  ...['human', 'user'].map((from) => [from, 'user'] as const),
  ...['gpt', 'assistant', 'chatgpt', 'model', 'bot'].map((from) => [from, 'assistant'] as const),
  ...['tool', 'observation', 'function_response'].map((from) => [from, 'tool'] as const),
  ['system', 'system'],
]);

/**
 * The value of `key`, as a list or as its JSON text, or what is wrong with it. Messages have "role" and "content", or ShareGPT's
 * "from" and "value". Keys that templates may use go on as `further`.
 */
export function parseTurns(value: unknown, key: string): { turns: Turn[] } | { reason: string } {
  const list = valueOf(value);
  if (!Array.isArray(list)) return { reason: `"${key}" is ${kindOf(value)}, not a list` };
  if (list.length === 0) return { reason: `"${key}" is empty` };
  const turns: Turn[] = [];
  for (const [index, item] of list.entries()) {
    const parsed = parseTurn(item, `message ${index + 1}`);
    if ('reason' in parsed) return parsed;
    turns.push(parsed.turn);
  }
  return { turns };
}

function parseTurn(item: unknown, place: string): { turn: Turn } | { reason: string } {
  if (!isObject(item)) return { reason: `${place} is ${kindOf(item)}, not an object` };
  const speaker = speakerOf(item, place);
  if ('reason' in speaker) return speaker;
  const { role, text } = speaker;
  if (!isEmpty(item['function_call'])) {
    return { reason: `${place} has "function_call", which is not supported; write "tool_calls"` };
  }
  const called = isEmpty(item['tool_calls']) ? null : parseCalls(item['tool_calls'], place);
  if (called && 'reason' in called) return called;
  if (called && role !== 'assistant') {
    return { reason: `${place} has "tool_calls", which only the role "assistant" can have` };
  }
  // An answer of calls alone has null for its content, or none.
  const content = called && isEmpty(item[text]) ? '' : item[text];
  if (typeof content !== 'string') {
    return { reason: `"${text}" of ${place} is ${kindOf(content)}, not text` };
  }
  if (role === 'assistant' && content.trim() === '' && called === null) {
    return { reason: `the answer in ${place} is empty` };
  }
  const learning = learningOf(item, role, place);
  if ('reason' in learning) return learning;
  // Of keys that only say something about a message the template decides: it may write a title, or pass it over.
  const own = [...speaker.own, 'weight', 'train', 'tool_calls'];
  const keys = Object.keys(item).filter((key) => !own.includes(key) && !isEmpty(item[key]));
  for (const key of keys) {
    const number = unwritableNumber(item[key]);
    if (number !== null) return { reason: tooLarge(number, `"${key}" of ${place}`) };
  }
  const further = {
    ...Object.fromEntries(keys.map((key) => [key, item[key]])),
    ...(called && { tool_calls: called.calls }),
  };
  return {
    turn: {
      role,
      content,
      ...(Object.keys(further).length > 0 ? { further } : {}),
      ...(learning.context ? { context: true } : {}),
    },
  };
}

type Speaker = {
  role: string;
  /** The key of what is said. */
  text: string;
  own: readonly string[];
};

function speakerOf(item: JsonObject, place: string): Speaker | { reason: string } {
  const { role, from } = item;
  if (typeof role === 'string' && isEmpty(from)) {
    if (knownRoles.has(role)) return { role, text: 'content', own: ['role', 'content'] };
    const roles = [...knownRoles].join(', ');
    return { reason: `${place} has the unknown role "${role}"; roles are ${roles}` };
  }
  if (typeof from === 'string' && isEmpty(role)) {
    const known = roleOfSpeaker.get(from);
    if (known !== undefined) return { role: known, text: 'value', own: ['from', 'value'] };
    const names = [...roleOfSpeaker.keys()].join(', ');
    return { reason: `${place} is from "${from}", which is not known; known are ${names}` };
  }
  return {
    reason:
      isEmpty(from) || isEmpty(role)
        ? `${place} has no "role"`
        : `${place} has both "role" and "from"`,
  };
}
