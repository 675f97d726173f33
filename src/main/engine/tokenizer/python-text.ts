/**
 * The text that Python makes of a template's values. transformers renders chat templates with Jinja2 under Python, where true is
 * written as True, 21.0 keeps its fraction and a list is printed as Python prints it; models are taught on that text.
 */
import { isObject } from '../../../shared/is-object.ts';
import { listOf } from './template-library.ts';

/** `str(value)`: what `{{ value }}` and the filter `string` write. `value` is one of the library's. */
export function pythonText(value: unknown): string {
  const { type, own } = partsOf(value);
  if (type === 'StringValue') return String(own);
  if (type === 'UndefinedValue') return '';
  return pythonForm(value);
}

/** `repr(value)`: the same, with texts in quotes. */
function pythonForm(value: unknown): string {
  const { type, own } = partsOf(value);
  switch (type) {
    case 'StringValue':
      return quoted(String(own));
    case 'NullValue':
      return 'None';
    case 'UndefinedValue':
      return 'Undefined';
    case 'BooleanValue':
      return own === true ? 'True' : 'False';
    case 'IntegerValue':
      return String(own);
    case 'FloatValue':
      return pythonFloat(Number(own));
    case 'TupleValue': {
      const items = listOf(own).map(pythonForm);
      return items.length === 1 ? `(${items.join()},)` : `(${items.join(', ')})`;
    }
    case 'ArrayValue':
      return `[${listOf(own).map(pythonForm).join(', ')}]`;
    case 'ObjectValue':
      return `{${entriesOf(own)
        .map(([key, each]) => `${quoted(key)}: ${pythonForm(each)}`)
        .join(', ')}}`;
    default:
      return String(value);
  }
}

export type JsonStyle = {
  /** Spaces a level; null for one line. */
  indent: number | null;
  /** Between items, and behind keys. */
  separators: readonly [string, string] | null;
  ensureAscii: boolean;
  sortKeys: boolean;
};
export const plainJson: JsonStyle = {
  ...{ indent: null, separators: null, ensureAscii: false, sortKeys: false },
};

/** `json.dumps(value)`, which the filter `tojson` of transformers writes. */
export function pythonJson(value: unknown, style: JsonStyle = plainJson, depth = 0): string {
  const { type, own } = partsOf(value);
  const [between, behindKey] = style.separators ?? [style.indent === null ? ', ' : ',', ': '];
  const inLines = (open: string, items: readonly string[], close: string) => {
    if (style.indent === null || items.length === 0) return open + items.join(between) + close;
    const line = `\n${' '.repeat(style.indent * depth)}`;
    const inner = line + ' '.repeat(style.indent);
    return open + inner + items.join(between + inner) + line + close;
  };
  const within = (each: unknown) => pythonJson(each, style, depth + 1);
  switch (type) {
    case 'StringValue':
      return jsonString(String(own), style);
    case 'NullValue':
    case 'UndefinedValue':
      return 'null';
    case 'BooleanValue':
    case 'IntegerValue':
      return String(own);
    case 'FloatValue':
      return jsonFloat(Number(own));
    case 'TupleValue':
    case 'ArrayValue':
      return inLines('[', listOf(own).map(within), ']');
    case 'NamespaceValue':
    case 'ObjectValue': {
      const entries = entriesOf(own);
      if (style.sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : 1));
      const items = entries.map(([key, each]) => jsonString(key, style) + behindKey + within(each));
      return inLines('{', items, '}');
    }
    default:
      throw new Error(`${type} cannot be written as JSON`);
  }
}

/** `repr` of a float: the shortest digits, in decimals from 1e-4 up to 1e16, else with an exponent of two digits or more. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x < 0 ? '-inf' : 'inf';
  const [mantissa = '', power = '0'] = x.toExponential().split('e');
  const exponent = Number(power);
  if (x !== 0 && (exponent < -4 || exponent >= 16)) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const decimal = Object.is(x, -0) ? '-0' : String(x);
  return decimal.includes('.') ? decimal : `${decimal}.0`;
}

function jsonFloat(x: number): string {
  const names = new Map([
    ['nan', 'NaN'],
    ['inf', 'Infinity'],
    ['-inf', '-Infinity'],
  ]);
  const text = pythonFloat(x);
  return names.get(text) ?? text;
}

function jsonString(text: string, { ensureAscii }: JsonStyle): string {
  const written = JSON.stringify(text);
  if (!ensureAscii) return written;
  return written.replace(/[\x7f-\uffff]/g, escapedUnit);
}

/** Python takes single quotes, unless the text has some and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\\p{C}\p{Z}'"]/gu, (character) => {
    if (character === ' ' || (character === '"' && quote === "'")) return character;
    if (character === "'" && quote === '"') return character;
    const short = new Map([
      ['\n', '\\n'],
      ['\r', '\\r'],
      ['\t', '\\t'],
    ]);
    if (character === '\\' || character === quote) return `\\${character}`;
    return short.get(character) ?? escapedCode(character.codePointAt(0) ?? 0);
  });
  return quote + inner + quote;
}

function escapedCode(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The library's name for the kind of a value, and what it holds. */
export function partsOf(value: unknown): { type: string; own: unknown } {
  return isObject(value)
    ? { type: String(value['type']), own: value['value'] }
    : { type: '', own: value };
}

/** Of an object. */
export function entriesOf(own: unknown): [string, unknown][] {
  return own instanceof Map ? [...own].map(([key, each]) => [String(key), each]) : [];
}
