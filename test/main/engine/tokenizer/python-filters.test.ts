/** Filters and tests of chat templates, against Jinja2 3.1.6 under Python 3.11. */
import { Template } from '@huggingface/jinja';
import { expect, test } from 'vitest';
import { runTemplate } from '../../../../src/main/engine/tokenizer/bounded-interpreter.ts';

const variables = { s: '😀 ab' };
const render = (source: string) => runTemplate(new Template(source), variables, 100);

test.each([
  ["{{ 'hELLO wORLD' | capitalize }}", 'Hello world'],
  ["{{ 'élan' | capitalize }}", 'Élan'],
  ["{{ '' | capitalize }}", ''],
  [`{{ "they're bill's friends-from (uk)" | title }}`, "They're Bill's Friends-From (Uk)"],
  ["{{ 'A {b} [c] <d' | title }}", 'A {B} [C] <D'],
  ["{{ ' \ufeffa\x1e\x85' | trim }}|", '\ufeffa|'],
  ['{{ s | length }}', '4'],
  ["{{ '' | length }}", '0'],
  ["{{ [1, none, true, 'x', 2.0] | join(',') }}", '1,None,True,x,2.0'],
  ['{{ [none, [1]] | join }}', 'None[1]'],
  ["{{ ['a', 'b'] | join('-') }}", 'a-b'],
  ["{{ 'abc' | join('-') }}", 'a-b-c'],
  ['{{ [] | first }}|{{ [] | last }}|', '||'],
  ['{{ ([] | first) is defined }}', 'False'],
  ["{{ [{'k': 1}, {'v': 2}] | selectattr('v', 'undefined') | list }}", "[{'k': 1}]"],
  ["{{ [{'k': 1}, {'v': 2}] | rejectattr('v', 'undefined') | list }}", "[{'v': 2}]"],
  ["{{ [{'k': 1}, {'v': 2}] | selectattr('v', 'defined') | list }}", "[{'v': 2}]"],
  ['{{ true is number }}', 'True'],
  ['{{ 1 is number }}', 'True'],
  ['{{ 1.5 is number }}', 'True'],
  ["{{ '1' is not number }}", 'True'],
  ['{{ {} is iterable }}', 'True'],
  ['{{ [] is iterable }}', 'True'],
  ['{{ (1, 2) is iterable }}', 'True'],
  ["{{ 'a' is iterable }}", 'True'],
  ['{{ none is iterable }}', 'False'],
  ['{{ 1 is not iterable }}', 'True'],
  ['{{ missing is iterable }}', 'True'],
])('%s is %s', (source, wanted) => {
  expect(render(source)).toBe(wanted);
});
