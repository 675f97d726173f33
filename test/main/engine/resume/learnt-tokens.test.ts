/** The sha256 of what a run learns from: every part of a block counts, and which block it is in. */
import { expect, test } from 'vitest';
import type { Block } from '../../../../src/main/engine/batch/block.ts';
import { learntTokens } from '../../../../src/main/engine/resume/learnt-tokens.ts';

const block = (changes: Partial<Block> = {}): Block => ({
  tokens: Int32Array.of(5, 6, 7, 0),
  segments: Int32Array.of(1, 1, 2, 0),
  positions: Int32Array.of(0, 1, 0, 0),
  labels: Int32Array.of(6, -100, 3, -100),
  lossCount: 2,
  ...changes,
});
const shaOf = (blocks: Block[], validation: Block[] = []) =>
  learntTokens([{ data: { blocks, validation } }])[0];

test('the same blocks give the same, wherever they lie in memory', () => {
  const behind = Int32Array.of(9, 5, 6, 7, 0).subarray(1);
  expect(shaOf([block({ tokens: behind })])).toEqual(shaOf([block()]));
  expect(shaOf([block()], [block()])).toEqual({
    training: shaOf([block()])?.training,
    validation: shaOf([block()])?.training,
  });
});

test.each<[string, Partial<Block>]>([
  ['tokens', { tokens: Int32Array.of(5, 6, 8, 0) }],
  ['segments', { segments: Int32Array.of(1, 1, 1, 0) }],
  ['positions', { positions: Int32Array.of(0, 1, 2, 0) }],
  ['what is learnt', { labels: Int32Array.of(6, 7, 3, -100) }],
  ['token types', { types: Int32Array.of(0, 0, 1, 0) }],
])('other %s give another', (_, changes) => {
  expect(shaOf([block(changes)])?.training).not.toBe(shaOf([block()])?.training);
});

test('as many tokens in other blocks give another', () => {
  const half = (begin: number): Block => {
    const { tokens, segments, positions, labels } = block();
    const part = (all: Int32Array) => all.subarray(begin, begin + 2);
    const [own, labelled] = [part(segments), part(labels)];
    return {
      ...{ tokens: part(tokens), segments: own, positions: part(positions), labels: labelled },
      lossCount: 1,
    };
  };
  expect(shaOf([half(0), half(2)])?.training).not.toBe(shaOf([block()])?.training);
});
