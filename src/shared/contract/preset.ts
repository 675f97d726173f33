/** Settings of a run under a name: all but what it is about, so that they serve for other models and data. */
import { z } from 'zod';
import { shapeOf } from '../settings/schema.ts';
import { trainingSettings } from '../settings/table.ts';
import { mostWatched } from '../settings/watched.ts';
import { duration, loraSettings } from './training-config.ts';

const presetSettings = z.object({
  lora: loraSettings,
  duration,
  ...shapeOf(trainingSettings),
  /** The share of the data that is set aside; 0 for none, null where a file stays as it was chosen. */
  validationShare: z.number().gte(0).lt(1).nullable(),
  /** What forgetting is measured on; null where it stays as it was chosen: a file, or for a classifier, which measures none. */
  generalText: z.enum(['own', 'off']).nullable().default(null),
  /** How many questions of the validation data are watched; 0 for none, null where typed prompts stay. */
  watchedQuestions: z.int().min(0).max(mostWatched).nullable().default(null),
});

export const preset = z.object({ name: z.string().trim().min(1).max(80), settings: presetSettings });

export type PresetSettings = z.output<typeof presetSettings>;
export type Preset = z.output<typeof preset>;
