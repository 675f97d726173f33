/** Lists and objects that stand in a file as the text of their JSON, as in the columns of CSV. */
import { parseJsonLine } from './json-line.ts';

/** The value of such a text; anything else as it is. A key that is there twice leaves a text, for one of its values would be lost. */
export function valueOf(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const parsed = parseJsonLine(value);
  return 'value' in parsed ? parsed.value : value;
}
