/** One text and pairs within the tokens of the post-processor, cut to fit, as the Rust library does it. */
import { describe, expect, it, test } from 'vitest';
import { tinyFiles, tinyIds, tinyTokenizer } from './fixtures.ts';
import { openKind, readKind } from './kinds.ts';

test.each(['bert', 'bert-cased', 'roberta', 'roberta-spaced'])('%s', (name) => {
  const { tokenizer, framed } = readKind(name);
  for (const side of ['left', 'right'] as const) {
    const opened = openKind(tokenizer, { truncation_side: side });
    for (const [texts, most, cutAt, tokens, types] of framed) {
      if (cutAt !== side) continue;
      const result = opened.encodeFramed(texts, most);
      expect(result).toMatchObject({ tokens, types });
      const whole = opened.encodeFramed(texts, 1 << 20);
      expect(result.cut).toBe(whole.tokens.length - tokens.length);
    }
  }
});

describe('the frame', () => {
  it('is kept whole where it leaves no room', () => {
    const opened = openKind(readKind('bert').tokenizer);
    expect(opened.encodeFramed(['light', 'light'], 2)).toMatchObject({
      tokens: [2, 3, 3],
      types: [0, 0, 1],
    });
  });

  it('is empty where there is no post-processor, or one that only moves offsets', () => {
    const tokens = tinyTokenizer().encode('light');
    const types = [...tokens.map(() => 0), ...tokens.map(() => 1)];
    const bare = { tokens: [...tokens, ...tokens], types, cut: 0 };
    expect(tinyTokenizer().encodeFramed(['light', 'light'], 100)).toEqual(bare);
    const { tokenizerJson } = tinyFiles();
    const offsets = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false };
    const moved = tinyTokenizer({ tokenizerJson: { ...tokenizerJson, post_processor: offsets } });
    expect(moved.encodeFramed(['light', 'light'], 100)).toEqual(bare);
  });

  it.each([
    [{ type: 'Mystery' }, /not supported.*"Mystery"/],
    [{ type: 'BertProcessing', cls: ['<s>', 1] }, /not supported.*"BertProcessing"/],
    [twice(template('<|im_start|>', { ids: [1] })), /more than one post-processor/],
    [template('<s>', undefined), /names "<s>" and gives it no id/],
  ])('is refused by name where it cannot be read: %j', (postProcessor, message) => {
    const tokenizerJson = { ...tinyFiles().tokenizerJson, post_processor: postProcessor };
    expect(() => tinyTokenizer({ tokenizerJson })).toThrow(message);
  });
});

describe('the first token of plain text', () => {
  const json = (postProcessor: unknown) => ({
    ...tinyFiles().tokenizerJson,
    post_processor: postProcessor,
  });
  const bos = template('<|endoftext|>', { ids: [0] });

  it('is the one that the post-processor writes, whatever the model names', () => {
    const opened = tinyTokenizer({ tokenizerJson: json(bos) });
    expect(tinyIds.bosTokenId).toBe(1);
    expect(opened).toMatchObject({ startsWithBos: true, bosTokenId: 0 });
    expect(opened.encodeFramed(['light'], 100).tokens[0]).toBe(0);
  });

  it('is none where a post-processor writes none, whatever tokenizer_config.json says', () => {
    const tokenizerConfig = { ...tinyFiles().tokenizerConfig, add_bos_token: true };
    const offsets = { type: 'ByteLevel' };
    expect(tinyTokenizer({ tokenizerJson: json(offsets), tokenizerConfig })).toMatchObject({
      startsWithBos: false,
      bosTokenId: 1,
    });
  });

  it('is bos where there is no post-processor and tokenizer_config.json asks for it', () => {
    const tokenizerConfig = { ...tinyFiles().tokenizerConfig, add_bos_token: true };
    const opened = tinyTokenizer({ tokenizerJson: json(null), tokenizerConfig });
    expect(opened).toMatchObject({ startsWithBos: true, bosTokenId: 1 });
    expect(tinyTokenizer({ tokenizerJson: json(null) }).startsWithBos).toBe(false);
  });
});

/** A post-processor that writes one token before texts. */
function template(token: string, special: { ids: number[] } | undefined) {
  const start = { SpecialToken: { id: token, type_id: 0 } };
  const [a, b] = ['A', 'B'].map((id) => ({ Sequence: { id, type_id: 0 } }));
  return {
    type: 'TemplateProcessing',
    single: [start, a],
    pair: [start, a, b],
    special_tokens: special === undefined ? {} : { [token]: special },
  };
}

function twice(processor: object): object {
  return { type: 'Sequence', processors: [processor, { type: 'ByteLevel' }, processor] };
}
