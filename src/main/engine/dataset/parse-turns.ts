/** The messages of a conversation: checked one by one, each key honoured or refused by name. */
import { isEmpty, isObject, kindOf, type JsonObject } from './json-value.ts';
import type { Turn } from './example.ts';

const knownRoles: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool']);
const own: ReadonlySet<string> = new Set(['role', 'content', 'weight', 'train']);
/** Calls are answers in a form of their own, which differs from model to model. */
const calls = ['tool_calls', 'function_call'];

/** The value of "messages", or what is wrong with it. Keys that templates may use go on as `further`. */
export function parseTurns(value: unknown): { turns: Turn[] } | { reason: string } {
  if (!Array.isArray(value)) return { reason: `"messages" is ${kindOf(value)}, not a list` };
  if (value.length === 0) return { reason: '"messages" is empty' };
  const turns: Turn[] = [];
  for (const [index, item] of value.entries()) {
    const parsed = parseTurn(item, `message ${index + 1}`);
    if ('reason' in parsed) return parsed;
    turns.push(parsed.turn);
  }
  return { turns };
}

function parseTurn(item: unknown, place: string): { turn: Turn } | { reason: string } {
  if (!isObject(item)) return { reason: `${place} is ${kindOf(item)}, not an object` };
  const { role, content } = item;
  if (typeof role !== 'string') return { reason: `${place} has no "role"` };
  if (!knownRoles.has(role)) {
    const roles = [...knownRoles].join(', ');
    return { reason: `${place} has the unknown role "${role}"; roles are ${roles}` };
  }
  const call = calls.find((key) => !isEmpty(item[key]));
  if (call !== undefined) return { reason: `${place} has "${call}", which is not supported` };
  if (typeof content !== 'string') {
    return { reason: `"content" of ${place} is ${kindOf(content)}, not text` };
  }
  if (role === 'assistant' && content.trim() === '') {
    return { reason: `the answer in ${place} is empty` };
  }
  const learning = learningOf(item, role, place);
  if ('reason' in learning) return learning;
  // Of keys that only say something about a message the template decides: it may write a title, or pass it over.
  const keys = Object.keys(item).filter((key) => !own.has(key) && !isEmpty(item[key]));
  const further = Object.fromEntries(keys.map((key) => [key, item[key]]));
  return {
    turn: {
      role,
      content,
      ...(keys.length > 0 ? { further } : {}),
      ...(learning.context ? { context: true } : {}),
    },
  };
}

/** OpenAI's "weight" and the "train" of other tools: whether an answer is learnt or only read. */
function learningOf(
  item: JsonObject,
  role: string,
  place: string,
): { context: boolean } | { reason: string } {
  const weight = item['weight'] ?? null;
  const train = item['train'] ?? null;
  if (weight !== null && weight !== 0 && weight !== 1) {
    return { reason: `"weight" of ${place} is ${JSON.stringify(weight)}; it can be 0 or 1` };
  }
  if (train !== null && typeof train !== 'boolean') {
    return { reason: `"train" of ${place} is ${kindOf(train)}, not true or false` };
  }
  if ((weight === 0 && train === true) || (weight === 1 && train === false)) {
    return {
      reason: `"weight" and "train" of ${place} contradict each other; leave one of them out`,
    };
  }
  if (role !== 'assistant' && (weight === 1 || train === true)) {
    const key = train === true ? 'train' : 'weight';
    return { reason: `${place} asks with "${key}" to be learnt, and only answers are learnt` };
  }
  return { context: role === 'assistant' && (weight === 0 || train === false) };
}
