/** What is said of a chat template that cannot be used, and what to do then. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTokenizerFiles } from '../../../../src/main/engine/checkpoint/huggingface-tokenizer.ts';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';
import { createTokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { tokenizerFolder } from '../checkpoint/tokenizer-folder.ts';
import { tinyIds } from './fixtures.ts';

const messages = [{ role: 'user', content: 'Hello' }];
const path = '/models/small/chat_template.jinja';
const problem = (source: string) =>
  problemOf(() =>
    createChatTemplate(source, {}, undefined, path).render(
      { messages },
      { addGenerationPrompt: true },
    ),
  );

describe('where and what next', () => {
  it.each([
    ['is no template', '{% for x in', /cannot be read/, /Get the chat template of the model again/],
    ['has an unknown filter', '{{ 1 | nothing }}', /stops with an error.*nothing/, /another chat/],
    [
      'takes a number for a text',
      '{{ "a".strip(3) }}',
      /stops with an error: it uses a value as what it is not/,
      /another chat template/,
    ],
    [
      'has parts within parts without end',
      `{{ ${'('.repeat(9000)}1${')'.repeat(9000)} }}`,
      /cannot be read: it calls itself too deep, or has parts too deep/,
      /Get the chat template/,
    ],
    [
      'refuses a conversation with a full stop of its own',
      '{{ raise_exception("Roles must alternate user/assistant/...") }}',
      /refuses this conversation: Roles must alternate user\/assistant\/\.$/,
      /Change the roles/,
    ],
    [
      'refuses a conversation',
      '{{ raise_exception("Roles must alternate") }}',
      /refuses this conversation: Roles must alternate\.$/,
      /Change the roles/,
    ],
  ])('a template that %s', async (_, source, what, next) => {
    expect(await problem(source)).toMatchObject({
      code: 'tokenizer/template-failed',
      what: expect.stringMatching(what) as unknown,
      where: path,
      next: expect.stringMatching(next) as unknown,
    });
  });

  it.each([
    ['chat_template.jinja', { 'chat_template.jinja': '{% for x in' }],
    [
      'tokenizer_config.json',
      { 'chat_template.jinja': null, 'tokenizer_config.json': { chat_template: '{% for x in' } },
    ],
  ])('names %s', async (name, files) => {
    const folder = tokenizerFolder(files);
    const found = await problemOf(() => createTokenizer(readTokenizerFiles(folder), tinyIds));
    expect(found.where).toBe(join(folder, name));
  });
});

describe('a template of over 1 MiB', () => {
  const large = 'x'.repeat(2 ** 20 + 1);

  it('is refused before it is read', async () => {
    const folder = tokenizerFolder({});
    const file = join(folder, 'chat_template.jinja');
    writeFileSync(file, large);
    expect(await problemOf(() => readTokenizerFiles(folder))).toMatchObject({
      code: 'tokenizer/template-too-large',
      what: expect.stringContaining('1048577 bytes') as unknown,
      where: file,
    });
  });

  it('is refused wherever it comes from', async () => {
    expect((await problem(large)).code).toBe('tokenizer/template-too-large');
  });
});
