/** Blocks: nothing lost, nothing mixed up, little wasted. */
import { describe, expect, it } from 'vitest';
import { nextTokenLabels, type Sequence } from '../../../../src/main/engine/batch/sequence.ts';
import {
  emptyBlock,
  noLabel,
  packBlocks,
  padBlocks,
  type Block,
} from '../../../../src/main/engine/batch/pack.ts';
import { sharedBeginning } from '../../../../src/main/engine/batch/shared-beginning.ts';
import { createRandom } from '../../../../src/main/engine/random.ts';

/** An example of the given length with tokens of its own, of which the later half is learnt. */
function example(line: number, length: number): Sequence {
  const tokens = Int32Array.from({ length }, (_, t) => line * 10_000 + t);
  const mask = tokens.map((_, t) => (t >= Math.max(1, length / 2) ? 1 : 0));
  return { line, tokens, labels: nextTokenLabels(tokens, mask) };
}

function examples(count: number, length: () => number): Sequence[] {
  return Array.from({ length: count }, (_, index) => example(index + 1, length()));
}

/** The examples in a block, read back from it; fails where positions or labels do not fit. */
function unpack(block: Block): Sequence[] {
  const members: Sequence[] = [];
  const count = block.segments.reduce((a, b) => Math.max(a, b), 0);
  for (let segment = 1; segment <= count; segment++) {
    const start = block.segments.indexOf(segment);
    const end = block.segments.lastIndexOf(segment) + 1;
    const inside = block.segments.subarray(start, end);
    expect(inside.every((value) => value === segment)).toBe(true);
    expect([...block.positions.subarray(start, end)]).toEqual([...inside.keys()]);
    const tokens = block.tokens.slice(start, end);
    const labels = block.labels.slice(start, end);
    expect(labels.at(-1)).toBe(noLabel);
    members.push({ line: Math.floor((tokens[0] ?? 0) / 10_000), tokens, labels });
  }
  return members;
}

const waste = (blocks: readonly Block[], packed: readonly Sequence[]): number => {
  const room = blocks.reduce((sum, { tokens }) => sum + tokens.length, 0);
  return 1 - packed.reduce((sum, { tokens }) => sum + tokens.length, 0) / room;
};

describe('what all examples begin with', () => {
  const chat = (own: number[], learntFrom: number): Sequence => {
    const tokens = Int32Array.from([7, 8, 9, ...own]);
    const mask = tokens.map((_, t) => (t >= learntFrom ? 1 : 0));
    return { line: 1, tokens, labels: nextTokenLabels(tokens, mask) };
  };

  it('stands once in a block, and every sequence goes on after it', () => {
    const { blocks } = packBlocks([chat([1, 2, 3], 5), chat([4, 5], 4)], 12);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).toMatchObject({
      tokens: Int32Array.of(7, 8, 9, 1, 2, 3, 4, 5, 0, 0, 0, 0),
      segments: Int32Array.of(-1, -1, -1, 1, 1, 1, 2, 2, 0, 0, 0, 0),
      positions: Int32Array.of(0, 1, 2, 3, 4, 5, 3, 4, 0, 0, 0, 0),
      lossCount: 2,
    });
    const expected = new Array(12).fill(noLabel);
    expected[4] = 3;
    expected[6] = 5;
    expect([...(blocks[0]?.labels ?? [])]).toEqual(expected);
  });

  it('ends before a token that predicts something learnt, and before the end of the shortest', () => {
    expect(sharedBeginning([chat([1, 2], 4), chat([1, 3], 4)])).toBe(3);
    expect(sharedBeginning([chat([1, 2], 3), chat([1, 3], 4)])).toBe(2);
    expect(sharedBeginning([chat([1, 2, 3], 5), chat([1, 2, 4], 5)])).toBe(4);
    expect(sharedBeginning([chat([], 9), chat([1], 9)])).toBe(2);
    expect(sharedBeginning([chat([1], 1), chat([1], 1)])).toBe(0);
    expect(sharedBeginning([example(1, 9), example(2, 9)])).toBe(0);
    expect(sharedBeginning([])).toBe(0);
  });
});

describe('packing', () => {
  const random = createRandom(11);
  const ordinary = (): number =>
    Math.max(2, Math.min(700, Math.round(Math.exp(4.4 + 0.8 * random.normal()))));

  it('puts every example that fits into one block, whole and separate from the others', () => {
    const all = examples(300, ordinary);
    const { blocks, tooLong } = packBlocks(all, 256);
    expect(tooLong).toEqual(all.filter(({ tokens }) => tokens.length > 256));
    expect(tooLong.length).toBeGreaterThan(5);
    const back = blocks.flatMap(unpack).sort((a, b) => a.line - b.line);
    expect(back).toEqual(all.filter(({ tokens }) => tokens.length <= 256));
    for (const block of blocks) {
      expect(block.tokens).toHaveLength(256);
      expect(block.lossCount).toBe(block.labels.filter((label) => label !== noLabel).length);
      expect(block.lossCount).toBeGreaterThan(0);
    }
  });

  it('marks padding by segment 0, without labels', () => {
    const { blocks } = packBlocks([example(1, 5), example(2, 4)], 12);
    const [block] = blocks;
    expect(blocks).toHaveLength(1);
    expect([...(block?.segments ?? [])].filter((segment) => segment === 0)).toHaveLength(3);
    expect([...(block?.segments ?? [])].slice(9)).toEqual([0, 0, 0]);
    expect([...(block?.tokens ?? [])].slice(9)).toEqual([0, 0, 0]);
    expect([...(block?.labels ?? [])].slice(8)).toEqual([noLabel, noLabel, noLabel, noLabel]);
  });

  it.each([
    ['ordinary lengths', 2000, 512, ordinary],
    ['short ones', 1500, 512, () => 44 + random.below(29)],
    ['lengths up to the block', 3000, 512, () => 1 + random.below(512)],
    [
      'long ones with short ones',
      2000,
      512,
      () => (random.below(5) === 0 ? 300 : 40) + random.below(60),
    ],
  ])('wastes under 3 %% of the tokens: %s', (_, count, sequenceLength, length) => {
    const all = examples(count, length).filter(({ tokens }) => tokens.length <= sequenceLength);
    const { blocks } = packBlocks(all, sequenceLength);
    expect(waste(blocks, all)).toBeLessThan(0.03);
    expect(blocks.reduce((sum, { segments }) => sum + Math.max(...segments), 0)).toBe(all.length);
  });

  it('is the same every time', () => {
    const all = examples(200, ordinary);
    expect(packBlocks(all, 512)).toEqual(packBlocks(all, 512));
  });

  it('fills a block exactly, and takes nothing', () => {
    const { blocks, tooLong } = packBlocks([example(1, 8), example(2, 9)], 8);
    expect(blocks.flatMap(unpack)).toEqual([example(1, 8)]);
    expect(tooLong).toEqual([example(2, 9)]);
    expect(packBlocks([], 8)).toEqual({ blocks: [], tooLong: [] });
  });
});

describe('padding', () => {
  it('puts one example into each block, in their order', () => {
    const all = [example(1, 3), example(2, 9), example(3, 8)];
    const { blocks, tooLong } = padBlocks(all, 8);
    expect(blocks.map(unpack)).toEqual([[all[0]], [all[2]]]);
    expect(tooLong).toEqual([all[1]]);
  });

  it('has blocks without examples to fill up a batch', () => {
    const block = emptyBlock(4);
    expect(unpack(block)).toEqual([]);
    expect(block).toMatchObject({ lossCount: 0, labels: Int32Array.of(-100, -100, -100, -100) });
  });
});
