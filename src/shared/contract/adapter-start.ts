/** What a run that starts from a saved adapter is like where nothing else is asked for: the adapter's own form. */
import { z } from 'zod';
import { loraSettings, problem, task } from './training-config.ts';

/** The settings that are the adapter's own; how it was trained is no part of them. */
export const adapterStart = z.object({
  task,
  problem,
  lora: loraSettings.pick({
    rank: true,
    alpha: true,
    useRslora: true,
    useDora: true,
    rankPattern: true,
    alphaPattern: true,
    targets: true,
  }),
});

export type AdapterStart = z.output<typeof adapterStart>;
