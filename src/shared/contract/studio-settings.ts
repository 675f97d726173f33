/** What a person has set for the studio as a whole. */
import { z } from 'zod';
import { preset } from './preset.ts';

export const studioSettings = z.object({
  /** Interrupted runs go on by themselves: at the next start, and after their engine has ended. */
  continueInterrupted: z.boolean(),
  /** The desktop tells when a run is over while the window is not in front. */
  tellWhenOver: z.boolean(),
  /** Of the form of a new run, each name once. */
  presets: z.array(preset),
});

export type StudioSettings = z.output<typeof studioSettings>;

/** As they come. */
export const usualSettings: StudioSettings = {
  continueInterrupted: false,
  tellWhenOver: true,
  presets: [],
};
