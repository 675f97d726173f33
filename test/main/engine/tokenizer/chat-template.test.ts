/** Chat templates that behave as those of each family do, against transformers: the text, or that the template refuses. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
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
    enable_thinking: z.boolean().optional(),
  }),
  text: z.string().nullable().default(null),
  error: z.string().optional(),
});
const chats = z.object({ cases: z.array(chat).min(10) });

const models = {
  llama: 'tiny-tied',
  qwen2: 'tiny-qwen2',
  qwen3: 'tiny-qwen3',
  mistral: 'tiny-mistral',
};

describe.each(Object.entries(models))('%s', (family, model) => {
  const source = readFileSync(fixture(`models/${model}/chat_template.jinja`), 'utf8');
  const special = { bos_token: '<|im_start|>', eos_token: '<|im_end|>' };
  const template = createChatTemplate(source, special);
  const { cases } = chats.parse(readJson(fixture(`expected/chats/${family}.json`)));
  // What the engine can say: it tells a template of no wish to think or not.
  const sayable = cases.filter(({ options }) => options.enable_thinking === undefined);

  test.each(sayable)('$name, $options', ({ messages, options, text, error }) => {
    const conversation = {
      messages: messages.map(({ role, content, ...further }) => ({ role, content, further })),
    };
    const render = () =>
      template.render(conversation, { addGenerationPrompt: options.add_generation_prompt });
    if (error === undefined) expect(render()).toBe(text);
    else expect(render).toThrow(error);
  });
});
