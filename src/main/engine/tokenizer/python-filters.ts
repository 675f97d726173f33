/** Filters and tests of chat templates as Jinja2 has them under Python. */
import { partsOf, pythonText } from './python-text.ts';
import { stripped } from './python-space.ts';
import { listOf } from './template-library.ts';
import type { TemplateValues } from './template-values.ts';

/** What a filter without arguments makes of a value of the library; null where it is the library's own. */
export function pythonFilter(name: unknown, value: unknown, values: TemplateValues): object | null {
  const { type, own } = partsOf(value);
  if (name === 'string') return values.text(pythonText(value));
  if (type !== 'StringValue') return null;
  switch (name) {
    case 'trim':
      return values.text(stripped(String(own)));
    case 'length':
      return values.integer(Array.from(String(own)).length);
    case 'capitalize':
      return values.text(capitalized(String(own)));
    case 'title':
      return values.text(
        String(own)
          .split(/([-\s({[<]+)/)
          .map(capitalized)
          .join(''),
      );
    default:
      return null;
  }
}

/** What the filter `join` is given: the items of a list as texts. Anything else stays. */
export function joinedItems(value: unknown, values: TemplateValues): unknown {
  const { type, own } = partsOf(value);
  if (type !== 'ArrayValue' && type !== 'TupleValue') return value;
  return values.list(listOf(own).map((item) => values.text(pythonText(item))));
}

/** The kinds of values of which a test is true; those that are not here are the library's. */
export const pythonTests: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['number', ['IntegerValue', 'FloatValue', 'BooleanValue']],
  ['iterable', ['ArrayValue', 'TupleValue', 'ObjectValue', 'StringValue', 'UndefinedValue']],
]);

/** Python's `capitalize`: the first character in upper case, all others in lower case. */
export function capitalized(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

/** Python's `title`: so every run of letters. */
export function titled(text: string): string {
  return text.replace(/\p{L}+/gu, capitalized);
}
