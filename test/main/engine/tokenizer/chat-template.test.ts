/** Chat templates that behave as those of each family and kind do, against transformers: the text, or that the template refuses. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Conversation } from '../../../../src/main/engine/tokenizer/chat-template.ts';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';
import { fixture, readJson } from './fixtures.ts';

const message = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
  reasoning_content: z.string().optional(),
});
const chat = z.strictObject({
  name: z.string(),
  messages: z.array(message),
  options: z.strictObject({
    add_generation_prompt: z.boolean().default(false),
    enable_thinking: z.literal(false).optional(),
  }),
  text: z.string().nullable().default(null),
  error: z.string().optional(),
});
type Chat = z.output<typeof chat>;
const chats = z.object({ cases: z.array(chat).min(10) });
const kinds = z.object({
  template: z.string(),
  days: z.record(z.iso.date(), z.array(chat).min(10)),
});

const special = { bos_token: '<|im_start|>', eos_token: '<|im_end|>' };
const today = '2026-11-26';

function conversationOf({ messages }: Chat): Conversation {
  return {
    messages: messages.map(({ role, content, ...further }) => ({ role, content, further })),
  };
}

function renderer(source: string, date: string): (each: Chat) => string {
  return (each) => {
    const { add_generation_prompt: prompt, enable_thinking: think } = each.options;
    const thinking = think === undefined ? 'auto' : 'off';
    const template = createChatTemplate(source, special, { thinking, date });
    return template.render(conversationOf(each), { addGenerationPrompt: prompt });
  };
}

const models = {
  llama: 'tiny-tied',
  qwen2: 'tiny-qwen2',
  qwen3: 'tiny-qwen3',
  mistral: 'tiny-mistral',
};

describe.each(Object.entries(models))('%s', (family, model) => {
  const source = readFileSync(fixture(`models/${model}/chat_template.jinja`), 'utf8');
  const render = renderer(source, today);
  const { cases } = chats.parse(readJson(fixture(`expected/chats/${family}.json`)));

  test.each(cases)('$name, $options', (each) => {
    if (each.options.enable_thinking !== undefined && family !== 'qwen3') {
      // Python passes the wish to every template, also to those that know nothing of it.
      expect(() => render(each)).toThrow(
        expect.objectContaining({ code: 'tokenizer/no-thinking' }),
      );
    } else if (each.error === undefined) expect(render(each)).toBe(each.text);
    else expect(() => render(each)).toThrow(each.error);
  });
});

const ofKind = (kind: string) => kinds.parse(readJson(fixture(`expected/chats/kind-${kind}.json`)));
const thoughtless = (cases: readonly Chat[]) =>
  cases.filter(({ options }) => options.enable_thinking === undefined);

describe.each(['nemo', 'dated', 'gemma3', 'strips'])('the kind %s', (kind) => {
  const { template, days } = ofKind(kind);

  describe.each(Object.entries(days))('on %s', (day, cases) => {
    test.each(thoughtless(cases))('$name, $options', (each) => {
      const render = () => renderer(template, day)(each);
      if (each.error === undefined) expect(render()).toBe(each.text);
      else expect(render).toThrow(each.error);
    });
  });
});

describe('a template that refuses system prompts', () => {
  const { template } = ofKind('gemma');
  // Gemma 3's puts the system prompt where Gemma 2's has no place for it, and is the same otherwise.
  const cases = Object.values(ofKind('gemma3').days).flatMap(thoughtless);

  test.each(cases)('is given $name as one that folds them writes it, $options', (each) => {
    const render = () => renderer(template, today)(each);
    if (each.error === undefined) expect(render()).toBe(each.text);
    else expect(render).toThrow(each.error);
  });
});
