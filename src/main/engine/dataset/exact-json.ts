/** What JSON.parse changes without a word: whole numbers beyond 2^53, and halves of characters, which no text in UTF-8 can hold. */

const longNumber = /\d{16}/;

/**
 * The value of a JSON text. A whole number that a JavaScript number cannot hold is a bigint.
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown, context?: { source?: string }) => {
    const source = context?.source ?? '';
    if (typeof value !== 'number' || !/^-?\d+$/.test(source)) return value;
    return Number.isSafeInteger(value) ? value : BigInt(source);
  });
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
