/** What a JSON text may hold. One that is little but lists takes many times its size once it is parsed, so it is counted before. */
import { endOfString } from './json-strings.ts';

export type JsonBounds = Readonly<Record<'lists' | 'objects' | 'keys' | 'commas' | 'depth', number>>;

/**
 * Of a file: each above the largest tokenizer.json known (XLM-V: 0.9 million lists of two and 1.8 million commas; Gemma 3: 0.26
 * million keys), and low enough that as many as the text has room for take about 64 MiB beyond four times the text.
 */
export const fileBounds: JsonBounds = {
  lists: 1_500_000,
  objects: 250_000,
  keys: 524_288,
  commas: 2_000_000,
  depth: 128,
};

/** Of one example: a conversation of a hundred thousand messages. */
export const lineBounds: JsonBounds = {
  lists: 250_000,
  objects: 100_000,
  keys: 250_000,
  commas: 500_000,
  depth: 128,
};

/** Which bound the text goes beyond, in words: 'it has 300000 objects, and …'; null where none. It need not be valid JSON. */
export function beyondJsonBounds(text: string, bounds: JsonBounds = fileBounds): string | null {
  let [lists, objects, keys, commas, depth] = [0, 0, 0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at) - 1;
        continue;
      case '[':
        lists++;
        depth++;
        break;
      case '{':
        objects++;
        depth++;
        break;
      case ']':
      case '}':
        depth--;
        continue;
      case ':':
        keys++;
        continue;
      case ',':
        commas++;
        continue;
      default:
        continue;
    }
    if (depth > bounds.depth) return `lists and objects lie over ${bounds.depth} deep in it`;
  }
  const counted = { lists, objects, keys, commas };
  for (const kind of ['lists', 'objects', 'keys', 'commas'] as const) {
    const most = bounds[kind];
    if (counted[kind] > most) return `it has ${counted[kind]} ${kind}, and ${most} is the most`;
  }
  return null;
}
