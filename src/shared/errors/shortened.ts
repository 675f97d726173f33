/** Keeps what a file says, such as a name of 100 kB, from filling an error. */

/** Names of tensors, tokens and files of known models have under a hundred characters. */
const longestWord = 200;
/** Linux has no longer path, and a person wants all of it. */
const longestPath = 4096;
const longestLine = 2000;

const closing = /["'”).,:;]{0,4}$/u;

/** A text in which every word but a path, and every line, is cut where it is longer than a person reads. */
export function shortened(text: string): string {
  // Every second part is the white space between two words.
  const words = text.split(/(\s+)/).map(shortenedWord).join('');
  return words.length <= longestLine ? words : words.split('\n').map(shortenedLine).join('\n');
}

/** A path as it is; what is longer than any path is cut. */
export function shortenedPlace(where: string): string {
  return where.length <= longestPath ? where : shortened(where);
}

function shortenedWord(word: string): string {
  if (word.length <= longestWord) return word;
  if (word.length <= longestPath && /^["'“(]?\//u.test(word)) return word;
  return `${cut(word, longestWord)}…${closing.exec(word)?.[0] ?? ''}`;
}

function shortenedLine(line: string): string {
  return line.length <= longestLine ? line : `${cut(line, longestLine)}…`;
}

/** Not within a character of two halves. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
