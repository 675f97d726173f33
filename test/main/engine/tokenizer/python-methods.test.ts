/** Methods in chat templates, against Jinja2 3.1.6 under Python 3.11. */
import { expect, test } from 'vitest';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';

const messages = [{ role: 'user', content: 'xx a x' }];
const render = (source: string) =>
  createChatTemplate(source, {}).render({ messages }, { addGenerationPrompt: false });

test.each([
  ["{{ messages[0].content.strip('x') }}|", ' a |'],
  ["{{ messages[0].content.lstrip('x ') }}|", 'a x|'],
  ["{{ messages[0].content.rstrip('x') }}|", 'xx a |'],
  ["{{ ' a '.strip() }}|{{ ' a '.lstrip() }}|{{ ' a '.rstrip() }}|", 'a|a | a|'],
  ["{{ '\ufeffa\x1e\x85\u3000\xa0'.strip() }}|", '\ufeffa|'],
  ["{{ '\x1c\ufeffa\x1e'.lstrip() }}|{{ 'a\ufeff\x1f'.rstrip() }}|", '\ufeffa\x1e|a\ufeff|'],
  ["{{ 'hELLO wORLD'.capitalize() }}", 'Hello world'],
  [`{{ "they're 3rd bill's".title() }}`, "They'Re 3Rd Bill'S"],
  ["{% set title = 'own' %}{{ title }} {{ title.title() }}", 'own Own'],
  ["{% for k, v in {'items': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}", 'items1b2'],
  ["{{ {'keys': 1}.keys() | list }}{{ {'values': 1}.values() | list }}", "['keys'][1]"],
  ["{{ {'get': 1}.get('get') }}{{ {'get': 1}['get'] }}{{ {'items': 3}['items'] }}", '113'],
  ["{{ messages[0].get('role') }}{{ messages[0].get('no', 'd') }}", 'userd'],
])('%s is %s', (source, wanted) => {
  expect(render(source)).toBe(wanted);
});

test('white space before a block goes from the first line on, and a line break behind it stays out', () => {
  expect(render('  {% if true %}\n  a\n  {% endif %}\nb')).toBe('  a\nb');
  expect(render('\n\na')).toBe('\n\na');
  expect(render('  a')).toBe('  a');
});
