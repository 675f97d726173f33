/** What a search for the learning rate tries, and what it comes to. */
import { z } from 'zod';
import { problem } from '../errors/problem.ts';

/** What is tried: a learning rate, and the alpha that scales what it teaches. */
export const rateTrial = z.object({
  learningRate: z.number().positive(),
  alpha: z.number().positive(),
});

/** `loss` at the end, nats per token; null for one that ended before, by its problem. */
const triedRate = rateTrial.extend({ loss: z.number().nullable(), problem: problem.nullable() });

export const rateSearch = z.object({
  /** In the order in which they were given. */
  trials: z.array(triedRate),
  /** Steps of each, and of the run that they are the beginning of. */
  steps: z.int(),
  totalSteps: z.int(),
  /** How often the search went through the data. */
  epochs: z.number(),
  /** What `loss` is: that of validation data, or the mean of the last training losses. */
  measure: z.enum(['validation', 'training']),
  /** Over how many training losses, or validation blocks, it was taken. */
  measuredOver: z.int(),
});

export type RateTrial = z.output<typeof rateTrial>;
export type TriedRate = z.output<typeof triedRate>;
export type RateSearch = z.output<typeof rateSearch>;
