/** Keys that a JSON object has twice: JSON.parse keeps the last of them without a word. */
import { endOfString } from './json-strings.ts';

const space: ReadonlySet<string> = new Set(' \t\r\n');

/** The first key that is there twice in one object; null where there is none. `text` is valid JSON. */
export function doubledKey(text: string): string | null {
  const objects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') objects.push(new Set());
    else if (character === '}') objects.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      let next = end;
      while (space.has(text[next] ?? '')) next++;
      if (text[next] === ':') {
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
