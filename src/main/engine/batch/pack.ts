/** Packs sequences of different lengths into blocks of one length. */
import { noLabel, type Block } from './block.ts';
import type { EncodedExample } from './encoded-example.ts';
import { fillGroups } from './fill.ts';

export { noLabel, type Block } from './block.ts';

export type PackedBlocks = {
  blocks: Block[];
  /** Examples longer than a block; they are left out. */
  tooLong: EncodedExample[];
};

/**
 * Packs examples into about as few blocks as there can be, the same way every time.
 * @param sequenceLength T, tokens in a block
 */
export function packBlocks(
  examples: readonly EncodedExample[],
  sequenceLength: number,
): PackedBlocks {
  const { fitting, tooLong } = sortOut(examples, sequenceLength);
  const lengths = fitting.map(({ tokens }) => tokens.length);
  const groups = fillGroups(lengths, sequenceLength);
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
