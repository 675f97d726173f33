/** OpenAI's "weight" and the "train" of other tools: whether an answer is learnt or only read. */
import { shownJson } from '../../../shared/shown-json.ts';
import { kindOf, type JsonObject } from './json-value.ts';

/** In CSV all values are text. */
const asText: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ['', null],
  ['0', 0],
  ['1', 1],
  ['true', true],
  ['false', false],
]);

/** @param place of the message, for the reason why it cannot be used */
export function learningOf(
  item: JsonObject,
  role: string,
  place: string,
): { context: boolean } | { reason: string } {
  const weight = valueAt(item, 'weight');
  const train = valueAt(item, 'train');
  if (weight !== null && weight !== 0 && weight !== 1) {
    return { reason: `"weight" of ${place} is ${shownJson(weight)}; it can be 0 or 1` };
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

function valueAt(item: JsonObject, key: string): unknown {
  const value = item[key] ?? null;
  const lower = typeof value === 'string' ? value.trim().toLowerCase() : value;
  return asText.has(lower) ? asText.get(lower) : value;
}
