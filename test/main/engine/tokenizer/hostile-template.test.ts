/** Chat templates that would go on for ever, or make texts of gigabytes. */
import { describe, expect, it } from 'vitest';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';

const messages = [{ role: 'user', content: 'Hello' }];
const render = (source: string) =>
  createChatTemplate(source, {}).render({ messages }, { addGenerationPrompt: true });

describe('is cut off', () => {
  it.each([
    [
      'a macro that calls itself twice',
      `{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}`,
    ],
  ])('%s', (_, source) => {
    expect(() => createChatTemplate(source, {})).toThrow(
      expect.objectContaining({ code: 'tokenizer/takes-too-long' }),
    );
  });
});

describe('is refused before it is made', () => {
  const doubling =
    '{% set n = namespace(s="x") %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}';
  const long =
    '{% set n = namespace(s="x") %}{% for i in range(18) %}{% set n.s = n.s ~ n.s %}{% endfor %}';
  const nested =
    '{% set n = namespace(s=["x"]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}';
  it.each([
    ['lists in loops', `${'{% for a in range(90000) %}'.repeat(2)}x${'{% endfor %}'.repeat(2)}`],
    [
      'a list of lists',
      '{% set n = namespace(s=[]) %}{% for i in range(99) %}{% set n.s = n.s + [range(9999)] %}{% endfor %}',
    ],
    ['loops within loops', `${'{% for a in range(9) %}'.repeat(9)}x${'{% endfor %}'.repeat(9)}`],
    [
      'loops over one list',
      `{% set r = range(99) %}${'{% for a in r if a %}'.repeat(9)}x${'{% endfor %}'.repeat(9)}`,
    ],
    ['a count', '{{ range(999999999) | length }}'],
    ['a text that doubles', `${doubling}{{ n.s }}`],
    [
      'a list that doubles',
      '{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}',
    ],
    ['a text put between items', `${long}{{ range(9999) | join(n.s) }}`],
    [
      'a list of one long text',
      `${long}{{ ${JSON.stringify(Array.from({ length: 99 }, () => 0)).replaceAll('0', 'n.s')} | join }}`,
    ],
    ['a text put in for each character', `${long}{{ n.s | replace("x", n.s) }}`],
    ['the same as a method', `${long}{{ n.s.replace("x", n.s) }}`],
    ['an indent', '{{ "a\nb" | indent(999999999) }}'],
    ['JSON with an indent', '{{ [[1]] | tojson(indent=999999999) }}'],
    ['lists within lists as JSON', `${nested}{{ n.s | tojson }}`],
    ['lists within lists as text', `${nested}{{ n.s | string }}`],
  ])('%s', (_, source) => {
    expect(() => render(source)).toThrow(
      expect.objectContaining({ code: 'tokenizer/template-failed' }),
    );
  });
});

it('long conversations have room in proportion to them', () => {
  const content = 'word '.repeat(1_000_000);
  const template = createChatTemplate(
    '{% for m in messages %}{{ m.content | trim | replace("word", "words") }}{% endfor %}',
    {},
  );
  const text = template.render(
    { messages: [{ role: 'user', content }] },
    { addGenerationPrompt: true },
  );
  expect(text).toHaveLength(5_999_999);
});

it('goes through a conversation again for each of its messages', () => {
  const many = Array.from({ length: 300 }, () => ({ role: 'user', content: 'Hi' }));
  const again = '{% for i in range(messages | length) %}{% endfor %}';
  const template = createChatTemplate(`{% for m in messages %}${again}x{% endfor %}`, {});
  const text = template.render({ messages: many }, { addGenerationPrompt: true });
  expect(text).toBe('x'.repeat(300));
});
