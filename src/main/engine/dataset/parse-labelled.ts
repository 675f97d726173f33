/** One JSON object of a data file to a labelled example, or the reason why it cannot be one. */
import { shownJson } from '../../../shared/shown-json.ts';
import { isEmpty, kindOf, type JsonObject } from './json-value.ts';
import type { Label, LabelledExample } from './labelled-example.ts';
import { besides } from './other-keys.ts';

const own = ['text', 'text2', 'label'];

/** The name of the format as reports show it. */
const format = 'text/label';

type ParsedLabelled =
  | {
      example: LabelledExample;
      format: typeof format;
      /** Keys that nobody knows. */ unused: string[];
    }
  | { reason: string };

export function parseLabelled(json: JsonObject, line: number): ParsedLabelled {
  const missing = ['text', 'label'].filter((key) => !(key in json));
  if (missing.length > 0) {
    return {
      reason: `${missing.map((key) => `"${key}"`).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing; expected are "text" and "label"`,
    };
  }
  const others = besides(json, own);
  if ('reason' in others) return others;
  const { text, text2 } = json;
  if (typeof text !== 'string') return { reason: `"text" is ${kindOf(text)}, not text` };
  if (text.trim() === '') return { reason: '"text" is empty' };
  if (!isEmpty(text2) && typeof text2 !== 'string') {
    return { reason: `"text2" is ${kindOf(text2)}, not text` };
  }
  const label = readLabel(json['label']);
  if (typeof label === 'object' && 'reason' in label) return label;
  const texts =
    typeof text2 === 'string' && text2 !== '' ? ([text, text2] as const) : ([text] as const);
  return { example: { line, texts, label }, format, unused: others.unused };
}

/** Without classes, an empty list is a label: an example that is of none. */
function readLabel(value: unknown): Label | { reason: string } {
  if (Array.isArray(value)) {
    const classes = value.map(withDigits).filter((each) => isClass(each));
    if (classes.length < value.length)
      return { reason: '"label" is a list of something else than texts and whole numbers' };
    return classes;
  }
  if (typeof value === 'string') {
    return value.trim() === '' ? { reason: '"label" is empty' } : value;
  }
  const plain = withDigits(value);
  if (typeof plain === 'number' && !Number.isFinite(plain)) {
    return { reason: `"label" is ${shownJson(plain)}` };
  }
  if (typeof plain === 'number' || typeof plain === 'string') return plain;
  return { reason: `"label" is ${kindOf(value)}, not text, a number or a list` };
}

/** A number beyond 2^53 is the name of a class in its digits. */
function withDigits(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function isClass(value: unknown): value is string | number {
  return typeof value === 'string' ? value.trim() !== '' : Number.isInteger(value);
}
