/** The tokenizer's files of a Hugging Face directory: tokens and templates in the places where older and newer files have them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readTokenizerFiles } from '../../../../src/main/engine/checkpoint/huggingface-tokenizer.ts';
import { specialTokenText } from '../../../../src/main/engine/tokenizer/special-tokens.ts';
import { createTokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { readJson, tinyIds } from '../tokenizer/fixtures.ts';
import { tokenizerFolder } from './tokenizer-folder.ts';

const token = { content: '<x9>', lstrip: false, rstrip: false, special: true };
const config = (changes: Record<string, unknown>) => ({ eos_token: '<|im_end|>', ...changes });

describe('tokens that only other files name', () => {
  it.each([
    ['added_tokens.json', { 'added_tokens.json': { '<x9>': 287 } }],
    [
      'added_tokens_decoder',
      { 'tokenizer_config.json': config({ added_tokens_decoder: { 287: token } }) },
    ],
  ])('are tokens of the model: %s', (_, files) => {
    const read = readTokenizerFiles(tokenizerFolder(files));
    const tokenizer = createTokenizer(read, tinyIds);
    expect(tokenizer.encode('call <x9>now')).toEqual([
      ...tokenizer.encode('call '),
      287,
      ...tokenizer.encode('now'),
    ]);
    expect(tokenizer.vocabSize).toBe(288);
    // A copy of the file alone would not have them.
    expect(read.tokenizerFile).toBeNull();
  });

  it('are whole where they are special by name and words of the vocabulary by place', () => {
    const folder = tokenizerFolder({});
    const json = z
      .looseObject({
        model: z.looseObject({ vocab: z.record(z.string(), z.int()) }),
        added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })),
      })
      .parse(readJson(join(folder, 'tokenizer.json')));
    json.added_tokens = json.added_tokens.filter(({ id }) => id !== 2);
    json.model.vocab['<|im_end|>'] = 2;
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
    const tokenizer = createTokenizer(readTokenizerFiles(folder), tinyIds);
    expect(tokenizer.encode('a<|im_end|>')).toEqual([...tokenizer.encode('a'), 2]);
  });

  it('are told where nobody has them', () => {
    const files = { 'tokenizer_config.json': { eos_token: '<end>', bos_token: '<|im_start|>' } };
    const { notices } = createTokenizer(readTokenizerFiles(tokenizerFolder(files)), tinyIds);
    expect(notices).toEqual([expect.stringContaining('name "<end>" as eos_token')]);
  });

  it.each([
    ['additional_special_tokens', ['<|im_start|>', '<far>']],
    ['additional_special_tokens', [{ content: '<far>', special: true }]],
    ['extra_special_tokens', { image_token: '<far>', end_token: '<|im_end|>' }],
    ['pad_token', '<far>'],
  ])('are told whatever names them: %s %j', (key, value) => {
    const files = { 'tokenizer_config.json': config({ [key]: value }) };
    const { notices } = createTokenizer(readTokenizerFiles(tokenizerFolder(files)), tinyIds);
    expect(notices).toEqual([expect.stringContaining(`name "<far>" as ${key}`)]);
  });

  it('are those of special_tokens_map.json where tokenizer_config.json says nothing', () => {
    const files = {
      'tokenizer_config.json': { bos_token: '<|im_start|>' },
      'special_tokens_map.json': {
        bos_token: '<|im_end|>',
        eos_token: { content: '<|endoftext|>' },
      },
    };
    const { tokenizerConfig } = readTokenizerFiles(tokenizerFolder(files));
    expect(specialTokenText(tokenizerConfig, 'bos_token')).toBe('<|im_start|>');
    expect(specialTokenText(tokenizerConfig, 'eos_token')).toBe('<|endoftext|>');
  });

  it('change nothing where tokenizer.json has them all', () => {
    const end = { '<|im_end|>': 2 };
    const folder = tokenizerFolder({ 'added_tokens.json': end });
    const read = readTokenizerFiles(folder);
    expect(read.tokenizerFile).toEqual(readFileSync(join(folder, 'tokenizer.json')));
    expect(read.tokenizerJson).toEqual(readJson(join(folder, 'tokenizer.json')));
  });

  it.each([
    [{ '<x9>': 2 }, /"<x9>" the id 2, and tokenizer.json gives this id to "<\|im_end\|>"/],
    [{ '<|im_end|>': 287 }, /"<\|im_end\|>" the id 287, and tokenizer.json gives it the id 2/],
    [{ '<x9>': 'last' }, /added_tokens.json is misshapen at <x9>/],
  ])('are refused where they contradict it: %j', (added, reason) => {
    const read = readTokenizerFiles(tokenizerFolder({ 'added_tokens.json': added }));
    expect(() => createTokenizer(read, tinyIds)).toThrow(reason);
  });
});

it.each([
  ['model', (text: string) => text.replace('{', '{"model":1,')],
  ['b', (text: string) => text.replace(/"vocab":\s*\{/, '$&"b":7,')],
])('refuses a tokenizer.json with the key %j twice', (key, edit) => {
  const folder = tokenizerFolder({});
  const path = join(folder, 'tokenizer.json');
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
  expect(() => readTokenizerFiles(folder).tokenizerJson).toThrow(`it has the key "${key}" twice`);
});

describe('a tokenizer.json that the Rust library does not read', () => {
  const edited = (change: Record<string, unknown>, model: Record<string, unknown> = {}) => {
    const files = { 'added_tokens.json': { '<x9>': 287 } };
    const folder = tokenizerFolder(files);
    const path = join(folder, 'tokenizer.json');
    const json = z.looseObject({ model: z.looseObject({}) }).parse(readJson(path));
    const whole = { ...json, ...change, model: { ...json.model, ...model } };
    writeFileSync(path, JSON.stringify(whole));
    return () => readTokenizerFiles(folder).tokenizerJson;
  };
  it.each([
    [{ added_tokens: [null] }, {}, /its added_tokens are misshapen at 0/],
    [{ added_tokens: { a: 1 } }, {}, /its added_tokens are misshapen/],
    [{}, { merges: [['zzz', 'a']] }, /merge 1 .*"zzz", which is not in the vocabulary/],
    [{}, { merges: ['a zzz'] }, /merge 1 .*"zzz", which is not in the vocabulary/],
    [{}, { merges: [['<', '|']] }, /merge 1 .*"<\|", which is not in the vocabulary/],
    [{}, { merges: [7] }, /merge 1 .*neither a pair of texts nor a text/],
    [{}, { merges: ['a'] }, /merge 1 .*neither a pair of texts nor a text/],
    [{}, { merges: 'a b' }, /its merges are no list/],
    [{}, { merges: null }, /its merges are no list/],
  ])('%j %j', (change, model, reason) => {
    expect(edited(change, model)).toThrow(
      expect.objectContaining({
        code: 'tokenizer/damaged',
        message: expect.stringMatching(reason) as unknown,
      }),
    );
  });
});

describe('chat templates with names', () => {
  const chat = { name: 'chat', template: 'C' };
  const tools = { name: 'tool_use', template: 'T' };
  const named = (...list: unknown[]) => ({
    'chat_template.jinja': null,
    'tokenizer_config.json': config({ chat_template: list }),
  });

  it('are chosen from where there is no chat_template.jinja', () => {
    const usual = readTokenizerFiles(
      tokenizerFolder(named(tools, { name: 'default', template: 'D' })),
    );
    expect(usual).toMatchObject({ chatTemplate: 'D', notices: [] });
    const other = readTokenizerFiles(tokenizerFolder(named(chat, tools)));
    expect(other.chatTemplate).toBe('C');
    expect(other.notices).toHaveLength(1);
  });

  it.each([
    ['another', 'D', 1],
    ['the same', 'J', 0],
    ['several others', [tools, chat], 1],
    ['several, of which one is the same', [tools, { name: 'default', template: 'J' }], 0],
    ['none', [], 0],
  ])('give way to chat_template.jinja, which is told beside %s', (_, template, told) => {
    const files = {
      'chat_template.jinja': 'J\n',
      'tokenizer_config.json': config({ chat_template: template }),
    };
    const read = readTokenizerFiles(tokenizerFolder(files));
    expect(read.chatTemplate).toBe('J\n');
    expect(read.notices).toHaveLength(told);
  });

  it('are also read from a folder of their own', () => {
    const files = { ...named(), 'additional_chat_templates/chat.jinja': 'C' };
    expect(readTokenizerFiles(tokenizerFolder(files)).chatTemplate).toBe('C');
  });

  it('are refused where there is a doubt, or where they are no templates', () => {
    const several = tokenizerFolder(named(chat, { name: 'other', template: 'O' }));
    expect(() => readTokenizerFiles(several)).toThrow(/several chat templates, chat; other/);
    const wrong = tokenizerFolder({ ...named(), 'tokenizer_config.json': { chat_template: 7 } });
    expect(() => readTokenizerFiles(wrong)).toThrow(/chat_template is neither a text nor a list/);
  });
});
