/** Every kind of tokenizer: the ids and texts of the Rust library for odd strings, from tokenizer.json and from GGUF. */
import { describe, expect, it, test } from 'vitest';
import { kinds, openGgufKind, openKind, readKind, unlike } from './kinds.ts';

test.each(kinds)('%s', (name) => {
  const { tokenizer, cases } = readKind(name);
  expect(unlike(openKind(tokenizer), cases)).toEqual([]);
});

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
