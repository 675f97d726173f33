/** A fixed number T of tokens that holds several sequences; what a training step works on. */

export type Block = {
  /** [T] token ids, 0 where there is padding. Mask by segment, never by id: 0 is also a token. */
  tokens: Int32Array;
  /** [T] 1, 2, … for each sequence, 0 = padding. A token sees only its own segment. */
  segments: Int32Array;
  /** [T] place in the sequence, from 0. */
  positions: Int32Array;
  /** [T] the token to predict at t (token t + 1 of the same segment), or -100 where nothing is learnt. */
  labels: Int32Array;
  /** Labels that are not -100. */
  learnt: number;
};

/** PyTorch's and PEFT's "no loss here". */
export const noLabel = -100;
