/** The tools that a line offers to the model, for chat templates that write them, and an answer's calls of them. */
import type { Tools } from '../../../shared/contract/engine.ts';
import { valueOf } from './json-text.ts';
import { isEmpty, isObject, kindOf, type JsonObject } from './json-value.ts';

/** A list of objects, also as the JSON text of one; null where there are none. */
export function parseTools(value: unknown): { tools: Tools | null } | { reason: string } {
  const list = valueOf(value);
  if (isEmpty(list)) return { tools: null };
  if (!Array.isArray(list)) return { reason: `"tools" is ${kindOf(value)}, not a list` };
  const tools = list.filter(isObject);
  if (tools.length < list.length) return { reason: '"tools" is not a list of objects' };
  return { tools };
}

/**
 * The calls of a message as chat templates take them: arguments that stand there as JSON text, as OpenAI's do, become the
 * object that they are, or templates would write them as a text in quotes.
 */
export function parseCalls(
  value: unknown,
  place: string,
): { calls: JsonObject[] } | { reason: string } {
  const list = valueOf(value);
  if (!Array.isArray(list) || !list.every(isObject)) {
    return { reason: `"tool_calls" of ${place} is not a list of objects` };
  }
  const calls = list.map((call) => {
    const { function: called } = call;
    return isObject(called) ? { ...call, function: withObject(called) } : withObject(call);
  });
  const nameless = calls.find((call) => {
    const called = isObject(call['function']) ? call['function'] : call;
    return typeof called['name'] !== 'string' || called['name'] === '';
  });
  if (nameless) return { reason: `a call in "tool_calls" of ${place} has no "name"` };
  return { calls };
}

function withObject(called: JsonObject): JsonObject {
  return 'arguments' in called ? { ...called, arguments: valueOf(called['arguments']) } : called;
}
