/** Strings of a JSON text, passed over in time that grows with their length and nothing else. */

const backslash = 0x5c;

/** Where the string ends that begins at `start`: behind its closing quotation mark, or with the text. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end + 1;
  }
  return text.length;
}
