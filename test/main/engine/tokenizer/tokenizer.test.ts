/** Ids and texts against the Rust library, special tokens, stops, and pieces encoded in their context. */
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import {
  oracleCases,
  templateWithSystemPrompt,
  tinyFiles,
  tinyIds,
  tinyTokenizer,
} from './fixtures.ts';

describe('the tokenizer of a Hugging Face directory', () => {
  const tokenizer = tinyTokenizer();

  it('encodes and decodes odd strings as the Rust library does', () => {
    const wrong = oracleCases('tiny').filter(
      ([text, ids, decoded, plain]) =>
        tokenizer.encode(text).join() !== ids.join() ||
        tokenizer.decode(ids) !== decoded ||
        tokenizer.decode(ids, { skipSpecial: true }) !== plain,
    );
    expect(wrong).toEqual([]);
  });

  it('knows its special tokens', () => {
    expect(tokenizer).toMatchObject({
      vocabSize: 288,
      bosTokenId: 1,
      eosTokenId: 2,
      stopTokenIds: [2],
      startsWithBos: false,
      hasChatTemplate: true,
    });
    expect(tokenizer.encode('<|im_start|>user<|im_end|>')).toEqual([
      1,
      ...tokenizer.encode('user'),
      2,
    ]);
  });

  it('takes nothing, and ids that it does not have', () => {
    expect(tokenizer.encode('')).toEqual([]);
    expect(tokenizer.decode([])).toBe('');
    expect(tokenizer.decode([2], { skipSpecial: true })).toBe('');
    expect(tokenizer.decode([...tokenizer.encode('light'), 4000, -1])).toBe('light');
  });

  it('keeps spaces before punctuation, which the library would remove', () => {
    expect(tokenizer.decode(tokenizer.encode("on . off , it 's"))).toBe("on . off , it 's");
  });
});

describe('pieces in their context', () => {
  const tokenizer = tinyTokenizer();

  it('gives what encoding the whole gives where the pieces meet at a token', () => {
    const [context, text] = ['<|im_start|>user\nturn on the', ' light<|im_end|>'];
    expect([...tokenizer.encode(context), ...(tokenizer.encodeAfter(context, text) ?? [])]).toEqual(
      tokenizer.encode(context + text),
    );
  });

  it('gives nothing where both would melt together', () => {
    const whole = tokenizer.encode('light');
    const [context, text] = ['lig', 'ht'];
    expect(whole).not.toEqual([...tokenizer.encode(context), ...tokenizer.encode(text)]);
    expect(tokenizer.encodeAfter(context, text)).toBeNull();
  });
});

describe('what ends a turn', () => {
  it('is what the template writes after an answer, not what the configuration names first', () => {
    const files = { ...tinyFiles(), tokenizerConfig: { eos_token: '<|endoftext|>' } };
    const tokenizer = createTokenizer(files, { ...tinyIds, eosTokenIds: [0, 2] });
    expect(tokenizer.eosTokenId).toBe(2);
    expect(tokenizer.stopTokenIds).toEqual([0, 2]);
  });

  it('is known from the template alone where no file names it, and ends generation', () => {
    const files = { ...tinyFiles(), tokenizerConfig: { eos_token: '<|endoftext|>' } };
    const tokenizer = createTokenizer(files, { ...tinyIds, eosTokenIds: [0] });
    expect(tokenizer.eosTokenId).toBe(2);
    expect(tokenizer.stopTokenIds).toEqual([0, 2]);
    expect(tokenizer.notices).toEqual([]);
  });

  it('is the first of several that the template writes', () => {
    const chatTemplate =
      "{% for m in messages %}{{ m.role + m.content + '<|im_end|>\n' }}{% endfor %}{{ '<|endoftext|>' }}";
    const tokenizer = createTokenizer(
      { ...tinyFiles(), chatTemplate },
      { ...tinyIds, eosTokenIds: [0] },
    );
    expect(tokenizer.eosTokenId).toBe(2);
  });

  it.each([
    ["{{ '\n' }}", /writes no end-of-turn token/],
    ["{{ '</turn>\n' }}", /ends an answer with "<\/turn>", which is no end-of-turn token/],
  ])('is told where the template writes no token: %s', (end, notice) => {
    const chatTemplate = `{% for m in messages %}{{ m.role + m.content }}${end}{% endfor %}`;
    const { notices, eosTokenId } = tinyTokenizer({ chatTemplate });
    expect(notices).toEqual([expect.stringMatching(notice)]);
    expect(eosTokenId).toBe(2);
  });

  it('is the named end token without a template', () => {
    const files = {
      ...tinyFiles(),
      chatTemplate: null,
      tokenizerConfig: { eos_token: { content: '<|endoftext|>' } },
    };
    expect(createTokenizer(files, tinyIds).eosTokenId).toBe(0);
  });

  it('also comes from generation_config.json', () => {
    const tokenizer = tinyTokenizer({ generationConfig: { eos_token_id: [2, 0] } });
    expect(tokenizer.stopTokenIds).toEqual([2, 0]);
  });

  it('must be named somewhere', () => {
    const files = { ...tinyFiles(), chatTemplate: null, tokenizerConfig: {} };
    expect(() => createTokenizer(files, { ...tinyIds, eosTokenIds: [] })).toThrow(
      /no end-of-text token/,
    );
  });
});

describe('chat templates', () => {
  it('render messages and the beginning of an answer', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: templateWithSystemPrompt });
    const messages = [{ role: 'user', content: 'Hi' }];
    expect(tokenizer.renderChat({ messages }, { addGenerationPrompt: true })).toBe(
      '<|im_start|>system\nBe brief<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  it('see special tokens by name and no tools', () => {
    const chatTemplate =
      '{{ bos_token }}{{ eos_token }}{% if tools is not none %}tools{% endif %}{{ messages[0].content }}';
    const tokenizer = tinyTokenizer({ chatTemplate });
    const messages = [{ role: 'user', content: 'Hi' }];
    expect(tokenizer.renderChat({ messages }, { addGenerationPrompt: false })).toBe(
      '<|im_start|><|im_end|>Hi',
    );
  });

  it('name what they refuse', () => {
    const chatTemplate = "{{ raise_exception('Only users may speak') }}";
    const messages = [{ role: 'user', content: 'Hi' }];
    const tokenizer = tinyTokenizer({ chatTemplate });
    expect(() => tokenizer.renderChat({ messages }, { addGenerationPrompt: false })).toThrow(
      /Only users may speak/,
    );
    expect(() =>
      tinyTokenizer().renderChat({ messages: [] }, { addGenerationPrompt: true }),
    ).toThrow(/no messages/);
    expect(() =>
      tinyTokenizer({ chatTemplate: null }).renderChat({ messages }, { addGenerationPrompt: true }),
    ).toThrow(/no chat template/);
    expect(() => tinyTokenizer({ chatTemplate: '{% for %}' })).toThrow(/chat template/);
  });
});

describe('a tokenizer.json that cannot be used', () => {
  it('is named with what is missing', () => {
    expect(() => tinyTokenizer({ tokenizerJson: {} })).toThrow(/cannot be used: model/);
    expect(() => tinyTokenizer({ tokenizerJson: { model: { vocab: null } } })).toThrow(
      /no vocabulary/,
    );
    const { tokenizerJson } = tinyFiles();
    const preTokenizer = { type: 'Mystery' };
    expect(() =>
      tinyTokenizer({ tokenizerJson: { ...tokenizerJson, pre_tokenizer: preTokenizer } }),
    ).toThrow(/not supported.*Mystery/);
  });
});
