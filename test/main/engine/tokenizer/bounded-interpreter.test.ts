/** What a chat template makes too large is refused by its size, and not by the time that it takes on this machine. */
import { Template } from '@huggingface/jinja';
import { describe, expect, it } from 'vitest';
import { runTemplate } from '../../../../src/main/engine/tokenizer/bounded-interpreter.ts';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';

const messages = [{ role: 'user', content: 'Hello' }];

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
    expect(() => runTemplate(new Template(source), { messages }, 100)).toThrow(
      /^(it makes|its loops and lists)/,
    );
    // Opening runs it some twenty times, on a busy machine for longer than a template may take.
    expect(() =>
      createChatTemplate(source, {}).render({ messages }, { addGenerationPrompt: true }),
    ).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^tokenizer\/(template-failed|takes-too-long)$/) as unknown,
      }),
    );
  });
});
