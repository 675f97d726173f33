/** An example, or a part of its answers, as one sequence of tokens, and which of them are learnt. */

export type EncodedExample = {
  /** Line of the data file, from 1. */
  line: number;
  /** [n] token ids. */
  tokens: Int32Array;
  /** [n] 1 where the token is learnt, that is predicted with loss. */
  learnt: Uint8Array;
};
