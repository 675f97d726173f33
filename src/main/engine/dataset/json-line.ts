/** A line of text to its JSON value, or in words what is wrong with it and where. */
import { beyondJsonBounds, lineBounds } from '../../../shared/json-bounds.ts';
import { doubledKey } from '../../../shared/doubled-key.ts';
import { halfCharacter, parseExactly } from './exact-json.ts';

/** @returns the value, or the reason why the line cannot be used */
export function parseJsonLine(text: string): { value: unknown } | { reason: string } {
  const beyond = beyondJsonBounds(text, lineBounds);
  if (beyond !== null) return { reason: beyond };
  try {
    const value = parseExactly(text);
    const twice = doubledKey(text);
    if (twice !== null) return { reason: `it has the key "${twice}" twice` };
    const half = halfCharacter(text);
    if (half !== null) {
      return {
        reason: `it has one half of a character without the other, "${half}", which is no text`,
      };
    }
    return { value };
  } catch (error) {
    const why = error instanceof Error ? reasonOf(text, error.message) : '';
    return { reason: `it is not JSON: ${excerpt(text)}${why && ` (${why})`}` };
  }
}

/** Text that is a value in JavaScript or Python and none in JSON, where a value would stand. */
const foreignValue = /(?<=[:[,]\s*)(?:NaN|-?Infinity|undefined|None|True|False)\b/;

/** `message` is V8's: it has the words, and mostly the place. */
function reasonOf(text: string, message: string): string {
  if (text.startsWith('\uFEFF')) {
    return 'it begins with a byte order mark, U+FEFF, as where files were put together; remove it';
  }
  const position = /at position (\d+)/.exec(message)?.[1];
  const at = position === undefined ? -1 : Number(position);
  if (message.startsWith('Unexpected non-whitespace character after JSON')) {
    const found = text[at] === ',' ? 'a comma' : `"${excerpt(text.slice(at))}"`;
    return `${found} follows after the end of the object, at character ${at + 1}; a line is one object and nothing else`;
  }
  const foreign = foreignValue.exec(text);
  if (foreign && (at < 0 || Math.abs(at - foreign.index) <= 1)) {
    return `${foreign[0]} at character ${foreign.index + 1} is no value of JSON; write null or leave its key out`;
  }
  if (text[at] === "'") {
    return `keys and texts of JSON stand in double quotes, not in single ones, as at character ${at + 1}`;
  }
  if (at === text.length || message === 'Unexpected end of JSON input') {
    return 'the line ends before the object does; one object stands on one line';
  }
  if (at < 0) return '';
  const what = message.slice(0, message.indexOf(' in JSON at position'));
  return `${what.charAt(0).toLowerCase()}${what.slice(1)}, at character ${at + 1}`;
}

/** The beginning of a line, with what cannot be shown replaced. */
function excerpt(text: string): string {
  const shown = text.slice(0, 40).replace(/\p{C}/gu, '·');
  return text.length > 40 ? `${shown}…` : shown;
}
