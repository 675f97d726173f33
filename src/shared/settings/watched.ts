/** Prompts that are answered while a run trains. */

/** So many at most: all of them are answered at once, again and again. */
export const mostWatched = 16;

/** The lines of a text as prompts, without empty ones. */
export function promptsIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
