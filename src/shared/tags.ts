/** Notes and tags of runs: how long they are, and how tags are written in one line. */

export const longestNotes = 10_000;
export const longestTag = 40;
export const mostTags = 20;

/** 'keep, try again' as tags: each once, whatever its case; what is too long or too many is left out. */
export function tagsIn(text: string): string[] {
  const tags = text
    .split(',')
    .map((tag) => tag.trim().replace(/\s+/g, ' '))
    .filter((tag) => tag !== '' && tag.length <= longestTag);
  const folded = tags.map((tag) => tag.toLowerCase());
  return tags.filter((_, i) => folded.indexOf(folded[i] ?? '') === i).slice(0, mostTags);
}

/** What is wrong with tags in one line; null for nothing. */
export function tagsProblem(text: string): string | null {
  const tags = text.split(',').map((tag) => tag.trim());
  if (tags.some(({ length }) => length > longestTag))
    return `A tag has at most ${longestTag} letters.`;
  return tags.length > mostTags ? `A run has at most ${mostTags} tags.` : null;
}
