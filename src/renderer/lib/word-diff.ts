/** What one text has and lacks beside another, word by word. */
import { diffWordsWithSpace } from 'diff';

export type DiffPart = { text: string; kind: 'same' | 'added' | 'missing' };

/** Texts with more differences than this are told apart as a whole; finding them takes time with the square of their number. */
const mostDifferences = 1000;

/**
 * The parts of `text` in their order, with what only `reference` has between them: parts that are not missing make up the text,
 * and those that are not added the reference. Words, marks and white space count.
 */
export function wordDiff(reference: string, text: string): DiffPart[] {
  const changes = diffWordsWithSpace(reference, text, { maxEditLength: mostDifferences }) ?? [
    { value: reference, added: false, removed: true },
    { value: text, added: true, removed: false },
  ];
  return changes
    .filter(({ value }) => value !== '')
    .map(({ value, added, removed }) => ({
      text: value,
      kind: added ? 'added' : removed ? 'missing' : 'same',
    }));
}

/** 'the same', '3 words more, 1 less'; `beside` names the reference. */
export function sayDiff(parts: readonly DiffPart[], beside: string): string {
  if (parts.every(({ kind }) => kind === 'same')) return `the same as ${beside}`;
  const [more, less] = [wordsOf(parts, 'added'), wordsOf(parts, 'missing')];
  if (more + less === 0) return `other spaces or marks than ${beside}`;
  return `${more} ${more === 1 ? 'word' : 'words'} that ${beside} lacks, ${less} of its words missing`;
}

function wordsOf(parts: readonly DiffPart[], kind: DiffPart['kind']): number {
  const texts = parts.filter((part) => part.kind === kind).map(({ text }) => text);
  return texts.join(' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}
