/** What a chat template makes too large is refused by its size, and not by the time that it takes on this machine. */
import { Template } from '@huggingface/jinja';
import { describe, expect, it } from 'vitest';
import { runTemplate } from '../../../../src/main/engine/tokenizer/bounded-interpreter.ts';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';
import { withinTime } from '../../../../src/main/engine/within-time.ts';

const messages = [{ role: 'user', content: 'Hello' }];

describe('is refused before it is made', () => {
  const doubling =
    '{% set n = namespace(s="x") %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}';
  const long =
    '{% set n = namespace(s="x") %}{% for i in range(18) %}{% set n.s = n.s ~ n.s %}{% endfor %}';
  const nested =
    '{% set n = namespace(s=["x"]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}';
  const items = /^its loops and lists go over more items/;
  const list = /^it makes a list of/;
  const text = /^it makes a text of/;
  const altogether = /^it makes more text/;
  it.each<[string, RegExp, string]>([
    [
      'lists in loops',
      items,
      `${'{% for a in range(90000) %}'.repeat(2)}x${'{% endfor %}'.repeat(2)}`,
    ],
    [
      'a list of lists',
      items,
      '{% set n = namespace(s=[]) %}{% for i in range(99) %}{% set n.s = n.s + [range(9999)] %}{% endfor %}',
    ],
    [
      'loops within loops',
      items,
      `${'{% for a in range(9) %}'.repeat(9)}x${'{% endfor %}'.repeat(9)}`,
    ],
    [
      'loops over one list',
      items,
      `{% set r = range(99) %}${'{% for a in r if a %}'.repeat(9)}x${'{% endfor %}'.repeat(9)}`,
    ],
    ['a count', list, '{{ range(999999999) | length }}'],
    ['a text that doubles', text, `${doubling}{{ n.s }}`],
    [
      'a list that doubles',
      list,
      '{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}',
    ],
    ['a text put between items', items, `${long}{{ range(9999) | join(n.s) }}`],
    [
      'a list of one long text',
      altogether,
      `${long}{{ ${JSON.stringify(Array.from({ length: 99 }, () => 0)).replaceAll('0', 'n.s')} | join }}`,
    ],
    ['a text put in for each character', text, `${long}{{ n.s | replace("x", n.s) }}`],
    ['the same as a method', text, `${long}{{ n.s.replace("x", n.s) }}`],
    ['an indent', text, '{{ "a\nb" | indent(999999999) }}'],
    ['JSON with an indent', text, '{{ [[1]] | tojson(indent=999999999) }}'],
    ['lists within lists as JSON', text, `${nested}{{ n.s | tojson }}`],
    ['lists within lists as text', text, `${nested}{{ n.s | string }}`],
  ])('%s', (_, bound, source) => {
    // A thousand times what it takes: without the bounds of size it fails, and does not hang.
    const run = () => runTemplate(new Template(source), { messages }, 100);
    expect(() => withinTime(run, 20_000, () => new Error('not refused'))).toThrow(bound);
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
