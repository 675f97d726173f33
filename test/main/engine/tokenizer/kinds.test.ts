/** Every kind of tokenizer.json: the ids and texts of the Rust library for odd strings. */
import { expect, test } from 'vitest';
import { kinds, openKind, readKind, unlike } from './kinds.ts';

test.each(kinds)('%s', (name) => {
  const { tokenizer, cases } = readKind(name);
  expect(unlike(openKind(tokenizer), cases)).toEqual([]);
});
