/** Every pre-tokenizer, and every way in which one behaves: where texts are cut, against the Rust library. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fixture, readJson } from './fixtures.ts';
import { openKind } from './kinds.ts';

const object = z.record(z.string(), z.unknown());
const ids = z.array(z.int());
const { tokenizer, texts, cuts, fused } = z
  .strictObject({
    tokenizer: object,
    texts: z.array(z.string()),
    /** A pre-tokenizer, and the ids of each text: others for a character that begins a piece than within. */
    cuts: z.array(z.tuple([object, z.array(ids)])).min(30),
    /** Words with characters that the tokenizer does not have. */
    fused: z.object({ tokenizer: object, cases: z.array(z.tuple([z.string(), ids])) }),
  })
  .parse(readJson(fixture('tokenizer-kinds/pre-tokenizers/cuts.json')));

test.each(cuts)('%j', (preTokenizer, wanted) => {
  const opened = openKind({ ...tokenizer, pre_tokenizer: preTokenizer });
  expect(texts.map((text) => opened.encode(text))).toEqual(wanted);
});

test('unknown characters of one word are one token, and of two words two', () => {
  const opened = openKind(fused.tokenizer);
  for (const [text, wanted] of fused.cases) expect(opened.encode(text)).toEqual(wanted);
});

test('the older way to write that ▁ is not put before texts', () => {
  const [never] = cuts.find(([{ prepend_scheme: scheme }]) => scheme === 'never') ?? [];
  const { prepend_scheme, ...older } = never ?? {};
  expect(prepend_scheme).toBe('never');
  const open = (preTokenizer: unknown) =>
    openKind({ ...tokenizer, pre_tokenizer: preTokenizer }).encode('a b');
  expect(open({ ...older, add_prefix_space: false })).toEqual(open(never));
  expect(open({ ...older, add_prefix_space: true })).not.toEqual(open(never));
});
