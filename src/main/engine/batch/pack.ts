/** Packs sequences of different lengths into blocks of one length. */
import { noLabel, sharedSegment, type Block } from './block.ts';
import { countLosses, type Sequence } from './sequence.ts';
import { fillGroups } from './fill.ts';
import { sharedBeginning } from './shared-beginning.ts';

export { noLabel, type Block } from './block.ts';

export type PackedBlocks = {
  blocks: Block[];
  /** Examples longer than a block; they are left out. */
  tooLong: Sequence[];
};

/**
 * Packs examples into about as few blocks as there can be, the same way every time. What all of them begin with, such as a
 * system prompt, stands once in a block: the same tokens after the same tokens give the same activations.
 * @param sequenceLength T, tokens in a block
 * @param beginning 'apart' gives every sequence its own
 */
export function packBlocks(
  examples: readonly Sequence[],
  sequenceLength: number,
  beginning: 'shared' | 'apart' = 'shared',
): PackedBlocks {
  const { fitting, tooLong } = sortOut(examples, sequenceLength);
  const shared = beginning === 'shared' ? sharedBeginning(fitting) : 0;
  const lengths = fitting.map(({ tokens }) => tokens.length - shared);
  const groups = fillGroups(lengths, sequenceLength - shared);
  const blocks = groups.map((group) => {
    const members = group.map((index) => fitting[index]).filter((member) => member !== undefined);
    return makeBlock(members, shared, sequenceLength);
  });
  return { blocks, tooLong };
}

/** One sequence a block, in the order of the file: what training without packing sees. */
export function padBlocks(examples: readonly Sequence[], sequenceLength: number): PackedBlocks {
  const { fitting, tooLong } = sortOut(examples, sequenceLength);
  return { blocks: fitting.map((example) => makeBlock([example], 0, sequenceLength)), tooLong };
}

/** A block without sequences, to fill up a short batch. */
export function emptyBlock(sequenceLength: number): Block {
  return makeBlock([], 0, sequenceLength);
}

function sortOut(
  examples: readonly Sequence[],
  sequenceLength: number,
): { fitting: Sequence[]; tooLong: Sequence[] } {
  return {
    fitting: examples.filter(({ tokens }) => tokens.length <= sequenceLength),
    tooLong: examples.filter(({ tokens }) => tokens.length > sequenceLength),
  };
}

/** The sequences after their first `shared` tokens, which stand before them. */
function makeBlock(members: readonly Sequence[], shared: number, sequenceLength: number): Block {
  const tokens = new Int32Array(sequenceLength);
  const segments = new Int32Array(sequenceLength);
  const positions = new Int32Array(sequenceLength);
  const labels = new Int32Array(sequenceLength).fill(noLabel);
  const types = members.some((member) => member.types) ? new Int32Array(sequenceLength) : null;
  let start = 0;
  let lossCount = 0;
  const append = (part: Int32Array, segment: number, position: number) => {
    tokens.set(part, start);
    segments.fill(segment, start, start + part.length);
    for (let t = 0; t < part.length; t++) positions[start + t] = position + t;
    start += part.length;
  };
  append(members[0]?.tokens.subarray(0, shared) ?? new Int32Array(), sharedSegment, 0);
  members.forEach((member, index) => {
    const begin = start;
    append(member.tokens.subarray(shared), index + 1, shared);
    const own = member.labels.subarray(shared);
    labels.set(own, begin);
    if (member.types) types?.set(member.types.subarray(shared), begin);
    lossCount += countLosses(own);
  });
  return { tokens, segments, positions, labels, ...(types ? { types } : {}), lossCount };
}
