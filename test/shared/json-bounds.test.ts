/** JSON that would take many times its size is refused by what it holds, before it is parsed. */
import { expect, it } from 'vitest';
import { beyondJsonBounds, fileBounds, lineBounds } from '../../src/shared/json-bounds.ts';

it.each([
  ['lists', (n: number) => `[${'[],'.repeat(n - 2)}[]]`],
  ['objects', (n: number) => `[${'{},'.repeat(n - 1)}{}]`],
  ['keys', (n: number) => `{${'"a":0,'.repeat(n - 1)}"b":0}`],
  ['commas', (n: number) => `[${'0,'.repeat(n)}0]`],
] as const)('as many %s as the bound, and no more', (kind, make) => {
  const most = lineBounds[kind];
  expect(beyondJsonBounds(make(most), lineBounds)).toBeNull();
  expect(beyondJsonBounds(make(most + 1), lineBounds)).toContain(`${most + 1} ${kind}`);
});

it('lists a million deep', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(beyondJsonBounds(nested(fileBounds.depth))).toBeNull();
  expect(beyondJsonBounds(nested(fileBounds.depth + 1))).toContain('over 128 deep');
  expect(beyondJsonBounds('{"a":'.repeat(1_000_000))).toContain('over 128 deep');
});

it('passes over texts, whatever is in them', () => {
  const text = JSON.stringify({ 'a"[[[': `\\"${'[{,:'.repeat(lineBounds.commas)}` });
  expect(beyondJsonBounds(text, lineBounds)).toBeNull();
});
