/**
 * What JSON.parse changes without a word: whole numbers beyond 2^53, numbers such as 21.0 that are no whole ones, the place of keys such
 * as "2", and halves of characters, which no text in UTF-8 can hold.
 */
import { rememberFloat, rememberKeys, writtenAs } from '../written-as.ts';

const longNumber = /\d{16}/;
/** A number with a fraction or an exponent, or the negative zero; texts may look like it, too. */
const floatingNumber = /\d[.eE]|-0/;
const wholeNumber = /^-?\d+$/;
/** A key that JavaScript puts before all others, wherever it stands. */
const indexKey = /"(0|[1-9]\d{0,9})"(?=\s*:)/g;
/** Stands before such a key while it is read; of the private use area. */
const mark = '\uF8FF';

/**
 * The value of a JSON text. A whole number that a JavaScript number cannot hold is a bigint; what else is lost of the text is
 * remembered (written-as.ts).
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  const marked = text.includes(mark) ? text : text.replace(indexKey, `"${mark}$1"`);
  const value = parseNumbers(marked);
  return marked === text ? value : unmarked(value);
}

function parseNumbers(text: string): unknown {
  if (!longNumber.test(text) && !floatingNumber.test(text)) return JSON.parse(text);
  const read = function (
    this: unknown,
    key: string,
    value: unknown,
    context?: { source?: string },
  ): unknown {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined) return value;
    if (wholeNumber.test(source) && source !== '-0')
      return Number.isSafeInteger(value) ? value : BigInt(source);
    if (Number.isInteger(value) && !wholeNumber.test(source) && isAny(this))
      rememberFloat(this, key);
    return value;
  };
  return JSON.parse(text, read);
}

/** Without the marks, and with the order that they kept. */
function unmarked(value: unknown): unknown {
  if (!isAny(value)) return value;
  const made: object = Array.isArray(value)
    ? value.map(unmarked)
    : Object.fromEntries(
        Object.entries(value).map(([key, each]) => [withoutMark(key), unmarked(each)]),
      );
  if (!Array.isArray(value)) rememberKeys(made, Object.keys(value).map(withoutMark));
  for (const key of writtenAs(value).floats) rememberFloat(made, withoutMark(key));
  return made;
}

function withoutMark(key: string): string {
  return key.startsWith(mark) ? key.slice(mark.length) : key;
}

function isAny(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Two escapes that are one character together, half of one alone, or any other escape. */
const escapes =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?<half>u[dD][89a-fA-F][\da-fA-F]{2})|[^])/g;

/** The first escape of a JSON text that stands for half of a character alone; null where there is none. */
export function halfCharacter(text: string): string | null {
  for (const { groups } of text.matchAll(escapes)) {
    if (groups?.['half'] !== undefined) return `\\${groups['half']}`;
  }
  return null;
}
