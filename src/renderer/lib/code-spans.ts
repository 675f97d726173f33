/** Text with `commands` in it, cut into its parts. */

export type Span = { text: string; code: boolean };

/** Whatever stands between two backticks is code; a single backtick is itself. */
export function codeSpans(text: string): Span[] {
  const parts = text.split(/`([^`]+)`/);
  return parts
    .map((part, index) => ({ text: part, code: index % 2 === 1 }))
    .filter((span) => span.text !== '');
}
