/** What a person has set for the studio as a whole. */
import { z } from 'zod';

export const studioSettings = z.object({
  /** Interrupted runs go on by themselves when the studio starts the next time. */
  continueInterrupted: z.boolean().default(false),
});

export type StudioSettings = z.output<typeof studioSettings>;
