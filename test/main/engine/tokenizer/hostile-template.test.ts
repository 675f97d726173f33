/** Chat templates that would go on for ever are cut off, and long conversations are not. */
import { describe, expect, it } from 'vitest';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';

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
