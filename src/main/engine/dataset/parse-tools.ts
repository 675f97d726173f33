/** The tools that a line offers to the model, for chat templates that write them, and an answer's calls of them. */
import type { Tools } from '../../../shared/contract/engine.ts';
import { parseJsonLine } from './json-line.ts';
import { valueOf } from './json-text.ts';
import { isEmpty, isObject, kindOf, unwritableNumber, type JsonObject } from './json-value.ts';

/** A list of objects, also as the JSON text of one; null where there are none. */
export function parseTools(value: unknown): { tools: Tools | null } | { reason: string } {
  const list = valueOf(value);
  if (isEmpty(list)) return { tools: null };
  if (!Array.isArray(list)) return { reason: `"tools" is ${kindOf(value)}, not a list` };
  const tools = list.filter(isObject);
  if (tools.length < list.length) return { reason: '"tools" is not a list of objects' };
  const number = unwritableNumber(tools);
  if (number !== null) return { reason: tooLarge(number, '"tools"') };
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
  const broken = list.map((call) => brokenArguments(calledIn(call))).find((each) => each !== null);
  if (broken !== undefined) {
    return {
      reason: `the arguments of a call in "tool_calls" of ${place} cannot be used: ${broken}`,
    };
  }
  const calls = list.map((call) => {
    const { function: called } = call;
    return isObject(called) ? { ...call, function: withObject(called) } : withObject(call);
  });
  const nameless = calls.find((call) => {
    const { name } = calledIn(call);
    return typeof name !== 'string' || name === '';
  });
  if (nameless) return { reason: `a call in "tool_calls" of ${place} has no "name"` };
  const number = unwritableNumber(calls);
  if (number !== null) return { reason: tooLarge(number, `"tool_calls" of ${place}`) };
  return { calls };
}

/** OpenAI's calls have name and arguments in an object of their own. */
function calledIn(call: JsonObject): JsonObject {
  return isObject(call['function']) ? call['function'] : call;
}

/** Why arguments that begin as an object does cannot be read as one. */
function brokenArguments({ arguments: text }: JsonObject): string | null {
  if (typeof text !== 'string' || !/^\s*\{/.test(text)) return null;
  const parsed = parseJsonLine(text);
  return 'reason' in parsed ? parsed.reason : null;
}

/** Why a number cannot stand where a chat template writes it. */
export function tooLarge(number: string, place: string): string {
  return `${place} has the number ${number}, which would be written as another; write it as a text`;
}

function withObject(called: JsonObject): JsonObject {
  return 'arguments' in called ? { ...called, arguments: valueOf(called['arguments']) } : called;
}
