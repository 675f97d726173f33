/** Regular expressions of Python's `re` as JavaScript's, for names of modules, which are ASCII without line breaks. */

/** What a pattern uses that means something else here, or nothing. */
export class PatternError extends Error {}

/** Escapes that mean the same in both on ASCII text. In Python any other letter is an error, in JavaScript it stands for itself. */
const sameEscapes = /^(?:[dDsSwWfnrtv]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|[^\da-zA-Z])/;
/** The two ends of the text. */
const ends: ReadonlyMap<string, string> = new Map([
  ['A', '^'],
  ['Z', '$'],
  ['z', '$'],
]);
/** Beginnings of groups that mean the same in both; the flags are those that JavaScript has, too. */
const sameGroups = /^\((?:\?(?:[:=!]|<[=!]|[ims]*(?:-[ims]+)?:))?/;
const namedGroup = /^\(\?P<([A-Za-z_]\w*)>/;
const comment = /^\(\?#[^)]*\)/;
/** `{,3}` is `{0,3}` in Python and plain text in JavaScript. */
const openRepeat = /^\{,(\d*)\}/;

/**
 * The source of the JavaScript pattern that fits the same names (Python `re`, as of 3.11). JavaScript itself refuses possessive
 * repeats when it compiles what comes out.
 * @throws PatternError naming what has no equal: references to groups, atomic and conditional groups, global flags, escapes
 */
export function fromPython(pattern: string): string {
  let result = '';
  let rest = pattern;
  /** Moves `length` characters over, as they are or as `text`. */
  const take = (length: number, text = rest.slice(0, length)) => {
    result += text;
    rest = rest.slice(length);
  };
  while (rest !== '') {
    if (rest.startsWith('\\')) take(...escape(rest, false));
    else if (rest.startsWith('[')) take(...characterClass(rest));
    else if (rest.startsWith('(')) take(...group(rest));
    else {
      const [repeat = '', most = ''] = openRepeat.exec(rest) ?? [];
      if (repeat === '') take(1);
      else take(repeat.length, `{0,${most}}`);
    }
  }
  return result;
}

/** How many characters of `rest` the part takes, and what it becomes. */
type Part = [length: number, text: string];

function escape(rest: string, inClass: boolean): Part {
  const after = rest.slice(1);
  const [same] = sameEscapes.exec(after) ?? [];
  if (same !== undefined) return [1 + same.length, `\\${same}`];
  const letter = after.charAt(0);
  if (letter === 'a') return [2, '\\x07'];
  // A boundary of words outside a class, and a backspace inside.
  if (letter === 'b' || (letter === 'B' && !inClass)) return [2, `\\${letter}`];
  const end = inClass ? undefined : ends.get(letter);
  if (end !== undefined) return [2, end];
  throw new PatternError(
    /\d/.test(letter) ? `the reference or octal number \\${letter}` : `the escape \\${letter}`,
  );
}

function group(rest: string): Part {
  const [named = '', name = ''] = namedGroup.exec(rest) ?? [];
  if (named !== '') return [named.length, `(?<${name}>`];
  const [said = ''] = comment.exec(rest) ?? [];
  if (said !== '') return [said.length, ''];
  const [same = ''] = sameGroups.exec(rest) ?? [];
  // A lone "(" before a "?" is the beginning of something else.
  if (same === '(' && rest.startsWith('(?')) {
    throw new PatternError(`the group ${/^\(\?[^)]{0,9}/.exec(rest)?.[0] ?? rest}…`);
  }
  return [same.length, same];
}

/** A class: in Python a `]` right after its beginning is one of its characters, in JavaScript its end. */
function characterClass(rest: string): Part {
  let at = rest.startsWith('[^') ? 2 : 1;
  let text = rest.slice(0, at);
  if (rest.startsWith(']', at)) {
    text += '\\]';
    at += 1;
  }
  for (; at < rest.length && !rest.startsWith(']', at);) {
    const [length, part]: Part = rest.startsWith('\\', at)
      ? escape(rest.slice(at), true)
      : [1, rest.charAt(at)];
    text += part;
    at += length;
  }
  if (at >= rest.length) throw new PatternError('a class without its end');
  return [at + 1, `${text}]`];
}
