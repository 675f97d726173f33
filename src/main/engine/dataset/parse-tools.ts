/** The tools that a line offers to the model, for chat templates that write them. */
import type { Tools } from '../../../shared/contract/engine.ts';
import { isEmpty, isObject, kindOf } from './json-value.ts';

/** A list of objects, also as the JSON text of one; null where there are none. */
export function parseTools(value: unknown): { tools: Tools | null } | { reason: string } {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (isEmpty(list)) return { tools: null };
  if (!Array.isArray(list)) return { reason: `"tools" is ${kindOf(value)}, not a list` };
  const tools = list.filter(isObject);
  if (tools.length < list.length) return { reason: '"tools" is not a list of objects' };
  return { tools };
}

/** What is not JSON stays as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
