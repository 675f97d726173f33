/** Keys that a JSON object has twice: JSON.parse keeps the last of them without a word. */
import { endOfString } from './json-strings.ts';

// Codes of characters: a vocabulary has a million strings, and comparing numbers takes a fraction of the time.
const [quote, colon, opening, closing] = [0x22, 0x3a, 0x7b, 0x7d];
const lastSpace = 0x20;

/** The first key that is there twice in one object; null where there is none. `text` is valid JSON. */
export function doubledKey(text: string): string | null {
  const objects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === opening) objects.push(new Set());
    else if (character === closing) objects.pop();
    else if (character === quote) {
      const end = endOfString(text, at);
      let next = end;
      while (text.charCodeAt(next) <= lastSpace) next++;
      if (text.charCodeAt(next) === colon) {
        const key = keyOf(text.slice(at, end));
        const keys = objects.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      at = next - 1;
    }
  }
  return null;
}

function keyOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}
