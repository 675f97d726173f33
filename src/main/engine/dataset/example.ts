/** One usable line of a data file, whichever keys it was written with. */
import type { Message } from '../../../shared/contract/engine.ts';

export type Example = {
  /** Where it stands in its file; lines count from 1. */
  line: number;
} & (
  | { kind: 'chat'; messages: Message[] }
  | { kind: 'completion'; prompt: string; completion: string }
  | { kind: 'text'; text: string }
);
