/** A data file, read and in tokens. */
import type { Sequence } from './sequence.ts';

export type LoadedData<E = unknown> = {
  examples: E[];
  /** The sequences of each example. */
  encoded: Sequence[][];
  /** What a person should know of the file, in sentences. */
  notices: string[];
};
