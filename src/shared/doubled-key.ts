/** Keys that a JSON object has twice: JSON.parse keeps the last of them without a word. */

/** Texts, each with the colon that makes it a key, and the ends of objects. */
const parts = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g;

/** The first key that is there twice in one object; null where there is none. `text` is valid JSON. */
export function doubledKey(text: string): string | null {
  const objects: Set<string>[] = [];
  for (const [part, quoted, colon] of text.matchAll(parts)) {
    if (part === '{') objects.push(new Set());
    else if (part === '}') objects.pop();
    else if (quoted !== undefined && colon !== undefined) {
      const key = String(JSON.parse(quoted));
      const keys = objects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return null;
}
