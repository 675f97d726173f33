/** Packs sequences of different lengths into blocks of one length. */
import { createRandom, permutation } from '../random.ts';
import { noLabel, type Block } from './block.ts';
import type { EncodedExample } from './encoded-example.ts';

export { noLabel, type Block } from './block.ts';

export type PackedBlocks = {
  blocks: Block[];
  /** Examples longer than a block; they are left out. */
  tooLong: EncodedExample[];
};

/**
 * Packs examples into as few blocks as it can, the same way every time. Blocks are mixed: an example's neighbours are
 * drawn at random, and only the end of a block is filled by whatever fits best. Where that needs more blocks than
 * best-fit decreasing by over 1 %, the latter is taken.
 * @param sequenceLength T, tokens in a block
 */
export function packBlocks(
  examples: readonly EncodedExample[],
  sequenceLength: number,
): PackedBlocks {
  const { fitting, tooLong } = sortOut(examples, sequenceLength);
  const lengths = fitting.map(({ tokens }) => tokens.length);
  const mixed = packMixed(lengths, sequenceLength);
  const tight = packBestFitDecreasing(lengths, sequenceLength);
  const groups = mixed.length > tight.length * 1.01 ? tight : mixed;
  const blocks = groups.map((group) => {
    const members = group.map((index) => fitting[index]).filter((member) => member !== undefined);
    return makeBlock(members, sequenceLength);
  });
  return { blocks, tooLong };
}

/** One sequence a block, in the order of the file: what training without packing sees. */
export function padBlocks(
  examples: readonly EncodedExample[],
  sequenceLength: number,
): PackedBlocks {
  const { fitting, tooLong } = sortOut(examples, sequenceLength);
  return { blocks: fitting.map((example) => makeBlock([example], sequenceLength)), tooLong };
}

/** A block without sequences, to fill up a short batch. */
export function emptyBlock(sequenceLength: number): Block {
  return makeBlock([], sequenceLength);
}

function sortOut(
  examples: readonly EncodedExample[],
  sequenceLength: number,
): { fitting: EncodedExample[]; tooLong: EncodedExample[] } {
  return {
    fitting: examples.filter(({ tokens }) => tokens.length <= sequenceLength),
    tooLong: examples.filter(({ tokens }) => tokens.length > sequenceLength),
  };
}

function makeBlock(members: readonly EncodedExample[], sequenceLength: number): Block {
  const tokens = new Int32Array(sequenceLength);
  const segments = new Int32Array(sequenceLength);
  const positions = new Int32Array(sequenceLength);
  const labels = new Int32Array(sequenceLength).fill(noLabel);
  let start = 0;
  let learnt = 0;
  members.forEach((member, index) => {
    const length = member.tokens.length;
    tokens.set(member.tokens, start);
    segments.fill(index + 1, start, start + length);
    for (let t = 0; t < length; t++) positions[start + t] = t;
    for (let t = 1; t < length; t++) {
      if (member.learnt[t] !== 1) continue;
      labels[start + t - 1] = member.tokens[t] ?? noLabel;
      learnt++;
    }
    start += length;
  });
  return { tokens, segments, positions, labels, learnt };
}

/** Draws at random until the next one does not fit, then closes the block with the longest that do. */
function packMixed(lengths: readonly number[], sequenceLength: number): number[][] {
  const order = permutation(lengths.length, createRandom(lengths.length));
  const byLength: number[][] = Array.from({ length: sequenceLength + 1 }, () => []);
  for (const index of order) byLength[lengths[index] ?? 0]?.push(index);
  const placed = new Uint8Array(lengths.length);
  const groups: number[][] = [];
  let group: number[] = [];
  let left = sequenceLength;
  const place = (index: number): void => {
    placed[index] = 1;
    group.push(index);
    left -= lengths[index] ?? 0;
  };
  const close = (): void => {
    for (let length = left; length > 0; length = Math.min(length, left)) {
      let next = byLength[length]?.pop();
      while (next !== undefined && placed[next] === 1) next = byLength[length]?.pop();
      if (next === undefined) length--;
      else place(next);
    }
    groups.push(group);
    group = [];
    left = sequenceLength;
  };
  for (const index of order) {
    if (placed[index] === 1) continue;
    if ((lengths[index] ?? 0) > left) close();
    place(index);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** Each sequence, longest first, goes into the fullest block that has room (D. S. Johnson, 1973). */
function packBestFitDecreasing(lengths: readonly number[], sequenceLength: number): number[][] {
  const order = [...lengths.keys()].sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  /** Open blocks by the room that is left in them. */
  const open: number[][][] = Array.from({ length: sequenceLength + 1 }, () => []);
  const groups: number[][] = [];
  for (const index of order) {
    const length = lengths[index] ?? 0;
    let room = length;
    while (room <= sequenceLength && open[room]?.length === 0) room++;
    let group = open[room]?.pop();
    if (group === undefined) {
      group = [];
      groups.push(group);
      room = sequenceLength;
    }
    group.push(index);
    open[room - length]?.push(group);
  }
  return groups;
}
