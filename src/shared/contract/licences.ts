/** A program or library that Lorikeet is made of, and the terms that it is under. */
import { z } from 'zod';

export const licence = z.object({
  name: z.string(),
  version: z.string().nullable(),
  /** An SPDX expression: 'MIT'. Null where its authors give none. */
  terms: z.string().nullable(),
  /** The terms in full; null where they are in `file` alone. */
  text: z.string().nullable(),
  /** A file with the terms of all that it is made of itself; null for none. */
  file: z.string().nullable(),
});

export type Licence = z.output<typeof licence>;
