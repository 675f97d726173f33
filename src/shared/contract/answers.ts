/** Answers of models to prompts, and those of several adapters to the same ones. */
import { z } from 'zod';
import { problem } from '../errors/problem.ts';
import { heldBase } from './records.ts';

/** One reply to the prompt, with its speed. */
export const reply = z.object({ text: z.string(), tokens: z.int(), tokensPerSecond: z.number() });

/** As many as are asked at once of each adapter. */
export const mostPrompts = 16;

/** What adapters of one base answered. */
export const answerGroup = z.object({
  /** The base by its path, and how it was held while they learnt; null where this is not known. */
  model: z.string(),
  held: heldBase.nullable(),
  outcome: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('answered'),
      /** `adapter` null is the base alone; replies are in the order of the prompts. */
      rows: z.array(z.object({ adapter: z.int().nullable(), replies: z.array(reply) })),
    }),
    z.object({ kind: z.literal('failed'), adapters: z.array(z.int()), problem }),
  ]),
});

export type AnswerGroup = z.output<typeof answerGroup>;
