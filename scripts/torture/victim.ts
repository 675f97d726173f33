/** What is killed: a process that trains a run, has it go on when it is started again, and shows its points. */
import type { RunState } from '../../src/shared/contract/records.ts';
import type { Job } from './job.ts';
import type { Life, Moment } from './moment.ts';
import type { Shown } from './shown.ts';

export const kinds = ['engine', 'application', 'cli'] as const;
export type Kind = (typeof kinds)[number];

/** A run under torture. */
export type Run = {
  job: Job;
  /** The file that it learns from. */
  data: string;
  /** Where its adapter comes to lie, with its checkpoints beside it. */
  output: string;
  /** Its number in the store, or the one that it will have. */
  id: number;
  /** Whether it has come that far. */
  stored: boolean;
};

/** The life of a process from its start, or from when it was told to go on, to its end. */
export type Session = {
  killed: boolean;
  shown: Shown;
  /** What it ended with where nobody killed it and it was not done; else null. */
  complaint: string | null;
  /** Milliseconds until the window knew that its engine was dead; null where nobody could know. */
  noticed: number | null;
  /** The state of the run just before; null where nobody looked, and the store still has it. */
  seen: RunState | null;
  /** As far as it came. */
  life: Partial<Life>;
};

export type Victim = {
  /** The data folder with the store. */
  readonly home: string;
  /** Where the adapter of the run of this number comes to lie. */
  outputOf(id: number, job: Job): string;
  /** The states that its death may leave a run in. */
  readonly goesOn: ReadonlySet<RunState>;
  /** Whether something that goes on living marks the run as interrupted; else the next that opens the store does. */
  readonly marks: boolean;
  /** Begins the run, or has it go on; killed at the moment, or left alone where there is none. */
  session(run: Run, moment: Moment | null): Promise<Session>;
  close(): Promise<void>;
};
