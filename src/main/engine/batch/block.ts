/** A fixed number T of tokens that holds several sequences; what a training step works on. */

export type Block = {
  /** [T] token ids, 0 where there is padding. Mask by segment, never by id: 0 is also a token. */
  tokens: Int32Array;
  /**
   * [T] 1, 2, … for each sequence, 0 = padding. A token sees its own segment, and the beginning that all sequences of the
   * block share (`sharedSegment`).
   */
  segments: Int32Array;
  /** [T] place in the sequence, from 0. */
  positions: Int32Array;
  /** [T] what is to be predicted at t, in next-token prediction token t + 1 of the same segment; -100 where nothing is. */
  labels: Int32Array;
  /** [T] token types; not there where all are 0. */
  types?: Int32Array;
  /** Labels that are not -100. */
  lossCount: number;
};

/** The segment of tokens that every sequence of the block begins with. */
export const sharedSegment = -1;

/** PyTorch's and PEFT's "no loss here". */
export const noLabel = -100;
