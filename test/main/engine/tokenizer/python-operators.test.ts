/** Operators of chat templates, against Jinja2 3.1.6 under Python 3.11. */
import { Template } from '@huggingface/jinja';
import { expect, test } from 'vitest';
import { runTemplate } from '../../../../src/main/engine/tokenizer/bounded-interpreter.ts';

const variables = {
  ...{ n: null, e: '', z: 0, t: true, l: [1, 'a', [2]], s: '😀 ab' },
  d: { a: [1] },
};
const render = (source: string) => runTemplate(new Template(source), variables, 100);

test.each([
  ['{{ e == z }}', 'False'],
  ['{{ e == false }}', 'False'],
  ["{{ '1' == 1 }}", 'False'],
  ['{{ n == z }}', 'False'],
  ['{{ missing == none }}', 'False'],
  ['{{ missing != none }}', 'True'],
  ['{{ missing == nothing }}', 'True'],
  ['{{ none == n }}', 'True'],
  ['{{ t == 1 }}', 'True'],
  ['{{ 1 == 1.0 }}', 'True'],
  ["{{ l == [1, 'a', [2]] }}", 'True'],
  ["{{ l == [1, 'a', [3]] }}", 'False'],
  ["{{ l != [1, 'a'] }}", 'True'],
  ['{{ [] == e }}', 'False'],
  ['{{ (1, 2) == [1, 2] }}', 'False'],
  ['{{ (1, 2) == (1, 2) }}', 'True'],
  ["{{ d == {'a': [1]} }}", 'True'],
  ["{{ d == {'a': [1], 'b': 2} }}", 'False'],
  ["{{ d != {'b': [1]} }}", 'True'],
  ['{{ [2] in l }}', 'True'],
  ["{{ '1' in l }}", 'False'],
  ['{{ t in l }}', 'True'],
  ['{{ 1.0 in l }}', 'True'],
  ["{{ 'a' not in l }}", 'False'],
  ["{{ 'a' in d }}", 'True'],
  ['{{ 1 in d }}', 'False'],
  ["{{ 'b' in d }}", 'False'],
  ['{% set ns = namespace(a=1) %}{{ ns == ns }}', 'True'],
  ['{{ namespace(a=1) == namespace(a=1) }}', 'False'],
  ["{{ 'b' in s }}", 'True'],
  ["{{ 'b' not in s }}", 'False'],
  ["{{ 'x' in missing }}", 'False'],
  ["{{ 'x' not in missing }}", 'True'],
  ['{{ 2 in (1, 2) }}', 'True'],
  ['{{ 1 + 2 }}', '3'],
  ['{{ 1 + 2.0 }}', '3.0'],
  ['{{ t + 1 }}', '2'],
  ["{{ s + 'c' + '' }}", '😀 abc'],
  ['{{ l + [3] }}', "[1, 'a', [2], 3]"],
  ['{{ -7 % 3 }}', '2'],
  ['{{ 7 % -3 }}', '-2'],
  ['{{ -7.5 % 2 }}', '0.5'],
  ['{{ 6 % 3 }}', '0'],
  ['{{ 5 % 2.0 }}', '1.0'],
  ['{{ t % 2 }}', '1'],
])('%s is %s', (source, wanted) => {
  expect(render(source)).toBe(wanted);
});

test.each([
  ['{{ 1 in 2 }}', /asks whether a number is in a number/],
  ['{{ 1 in s }}', /asks whether a number is in a text/],
  ['{{ s + 5 }}', /joins a number to a text/],
  ['{{ l + s }}', /joins a list to a text/],
  ['{{ s + d }}', /joins an object to a text/],
  ['{{ s + t }}', /joins true or false to a text/],
  ['{{ n + 1 }}', /adds a number to null/],
  ['{{ l + missing }}', /adds something that is not there to a list/],
  ['{{ 5 % 0 }}', /divides by zero/],
  ["{{ s % 'a' }}", /has "%" between a text and a text/],
])('%s is refused', (source, reason) => {
  expect(() => render(source)).toThrow(reason);
});
