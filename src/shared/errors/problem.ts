/** An error as data: what crosses a process boundary, is stored with a run, and is shown to a person. */
import { z } from 'zod';

export const problem = z.object({
  /** Stable, for programs: 'checkpoint/cut-short'. */
  code: z.string(),
  /** What happened. */
  what: z.string(),
  /** Where: a file, a line, a tensor, a setting. */
  where: z.string().nullable(),
  /** What to do next. */
  next: z.string(),
});

export type Problem = z.output<typeof problem>;

/** The text of one code, before its code is known. */
export type ProblemText = { what: string; where?: string; next: string };

/** One area's part of the catalogue: a function of the details for every code. */
export type Catalogue = Record<string, (details: never) => ProblemText>;
