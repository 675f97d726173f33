/** One usable line of a data file, whichever keys it was written with. */
import type { Message, Tools } from '../../../shared/contract/engine.ts';

/** A message of a data file. */
export type Turn = Message & {
  /** An answer that is only read, never learnt: its line says "weight": 0 or "train": false. */
  context?: true;
};

export type Example = {
  /** Where it stands in its file; lines count from 1. */
  line: number;
} & (
  | { kind: 'chat'; messages: Turn[]; tools?: Tools }
  | { kind: 'completion'; system?: string; prompt: string; completion: string; tools?: Tools }
  | { kind: 'text'; text: string }
);

/** An example without its place in the file. */
export type Content = Example extends infer E
  ? E extends Example
    ? Omit<E, 'line'>
    : never
  : never;

/** What may stand in keys of its own beside a conversation or a pair. */
export type Beside = { system: string | null; tools: Tools | null };
