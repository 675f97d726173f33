/** How runs are asked for where there may be thousands: page by page, by what is in them. */
import { z } from 'zod';
import { runRecord } from './records.ts';

/** As many are read, told and shown within a few milliseconds. */
export const mostRunsAtOnce = 200;

export const runFilter = z.object({
  /** Words that are all in the names of the run, its model or its data, in its notes or tags; cases do not count. */
  search: z.string(),
  /** None for all. */
  states: z.array(runRecord.shape.state),
  /** Only runs that have made a step. */
  begun: z.boolean(),
});

export const runPage = z.object({
  /** Newest first. */
  runs: z.array(runRecord),
  /** Runs that fit, on all pages. */
  total: z.int(),
  /** Runs that there are, whether they fit or not. */
  all: z.int(),
});

export type RunFilter = z.output<typeof runFilter>;
export type RunPage = z.output<typeof runPage>;
