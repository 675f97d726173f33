/** An example, or a part of it, as one sequence of tokens, and what is to be predicted at each. */
import { noLabel } from './block.ts';

export type Sequence = {
  /** Line of the data file, from 1. */
  line: number;
  /** [n] token ids. */
  tokens: Int32Array;
  /** [n] what is to be predicted at the place of a token, or −100 where nothing is learnt. */
  labels: Int32Array;
  /** [n] token types of a pair of texts; not there where all are 0. */
  types?: Int32Array;
};

/** Labels of a sequence whose tokens are predicted one from the other, where `lossMask` [n] is 1. */
export function nextTokenLabels(tokens: Int32Array, lossMask: ArrayLike<number>): Int32Array {
  return tokens.map((_, t) => (lossMask[t + 1] === 1 ? (tokens[t + 1] ?? noLabel) : noLabel));
}

/** How many places have a label. */
export function countLosses(labels: Int32Array): number {
  return labels.reduce((sum, label) => sum + (label === noLabel ? 0 : 1), 0);
}
