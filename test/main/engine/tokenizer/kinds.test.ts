/** Every kind of tokenizer: the ids and texts of the Rust library for odd strings, from tokenizer.json and from GGUF. */
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { withFurtherTokens } from '../../../../src/main/engine/tokenizer/further-tokens.ts';
import { kinds, openGgufKind, openKind, readKind, unlike } from './kinds.ts';

test.each(kinds)('%s', (name) => {
  const { tokenizer, cases } = readKind(name);
  expect(unlike(openKind(tokenizer), cases)).toEqual([]);
});

it('cuts out special tokens that only tokenizer_config.json names, also where words are in a list', () => {
  const { tokenizer } = readKind('xlm-roberta');
  const config = { mask_token: '<mask>' };
  const { id } = z.object({ id: z.int() }).parse(list(tokenizer).at(-1));
  const further = withFurtherTokens(
    { ...tokenizer, added_tokens: list(tokenizer).slice(0, -1) },
    { added: null, config },
    'm',
  );
  expect(openKind(further).encode('<mask>')).toEqual([id]);
});

function list(tokenizer: Record<string, unknown>): unknown[] {
  return z.array(z.unknown()).parse(tokenizer['added_tokens']);
}

describe('from the vocabulary of a GGUF file', () => {
  const files = kinds.flatMap((name) => {
    const { gguf, ...kind } = readKind(name);
    return gguf === undefined ? [] : [{ name, gguf, ...kind }];
  });

  it('is read for all but one kind, which GGUF has no word for', () => {
    expect(kinds.filter((name) => !files.some((file) => file.name === name))).toEqual([
      'roberta-spaced',
    ]);
  });

  it.each(files)('$name', ({ gguf, cases, framed }) => {
    const opened = openGgufKind(gguf);
    expect(unlike(opened, cases)).toEqual([]);
    for (const [texts, most, side, tokens, types] of framed) {
      if (side === 'right')
        expect(opened.encodeFramed(texts, most)).toMatchObject({ tokens, types });
    }
  });
});
