/** Changes of text: its lines, and pieces of a language put in where a reader expects others. */
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { once, pick, text, type Random } from './pick.ts';

type Mutate = (bytes: Buffer, random: Random) => Buffer;

/** One line of JSON is changed, and some are there many times. */
export const mutateJsonLines: Mutate = (bytes, random) => {
  if (once(random, 4)) return mutateBytes(bytes, random);
  const lines = bytes.toString('utf8').trimEnd().split('\n');
  const at = random.below(lines.length);
  const changed = mutateJson(Buffer.from(lines[at] ?? ''), random).toString('utf8');
  lines.splice(at, 1, ...Array.from({ length: once(random, 6) ? 50 : 1 }, () => changed));
  return Buffer.from(lines.join(pick(random, ['\n', '\n', '\r\n', '\n\n'])));
};

/** Puts some of `words` anywhere, once or many times. */
export function mutateWords(words: readonly [string, ...string[]]): Mutate {
  return (bytes, random) => {
    if (once(random, 5)) return mutateBytes(bytes, random);
    let changed = bytes.toString('utf8');
    for (let left = 1 + random.below(4); left > 0; left--) {
      const at = random.below(changed.length + 1);
      const word = once(random, 6) ? text(random) : pick(random, words);
      const most = Math.max(1, Math.floor(100_000 / (word.length + 1)));
      const times = once(random, 5) ? 1 + random.below(Math.min(3000, most)) : 1;
      changed = changed.slice(0, at) + word.repeat(times) + changed.slice(at + random.below(6));
    }
    return Buffer.from(changed);
  };
}

export const csvWords = [
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\u0000',
  '\ufeff',
  'a  ,',
  '   ',
] as const;

export const templateWords = [
  ...[
    '{%',
    '%}',
    '{{',
    '}}',
    '{#',
    '#}',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '-',
    '|',
    '~',
    '.',
  ],
  ...[
    '{% endfor %}',
    '{% endif %}',
    '{% else %}',
    '{% for m in messages %}',
    '{% for i in range(99999) %}',
  ],
  ...[
    '{% set n = namespace(s="xy") %}',
    '{% set n.s = n.s ~ n.s %}',
    '{% set n.s = [n.s, n.s] %}',
    '{{ n.s }}',
  ],
  ...[
    '{{ n.s | tojson(indent=99999) }}',
    '{{ messages | tojson }}',
    '{{ n.s | replace("x", n.s) }}',
    '{{ n.s | join(n.s) }}',
  ],
  ...[
    '{% macro m(x) %}{{ m(x) }}{{ m(x) }}{% endmacro %}',
    '{{ m(1) }}',
    '{% break %}',
    '{{ loop.index }}',
    '{{ range(9)[::0] }}',
  ],
  ...[
    '{% if true %}',
    ' is defined',
    ' in messages',
    ' | upper',
    ' | indent(9999999)',
    ' | list',
    ' | map("x")',
    '{{ 9 ** 9 ** 9 }}',
  ],
] as const;
