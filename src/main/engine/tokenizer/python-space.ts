/** White space as Python's `str.strip` and `str.isspace` have it: JavaScript's has U+FEFF beside, and not U+001C to U+001F and U+0085. */
const space =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const begin = new RegExp(`^[${space}]+`);
const any = new RegExp(`[${space}]+`, 'g');
const isSpace = new RegExp(`[${space}]`);

export function lstripped(text: string): string {
  return text.replace(begin, '');
}

/** Not by a pattern for the end, which would be tried at each space. */
export function rstripped(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

export function stripped(text: string): string {
  return lstripped(rstripped(text));
}

export function withoutSpaces(text: string): string {
  return text.replace(any, '');
}
