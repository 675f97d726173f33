/** A conversation with several models side by side, as it is kept and shown. */
import { z } from 'zod';

/** Why an answer is over: the model ended it, it is as long as it may be, the model's context is full, or a person stopped it. */
export const chatEnd = z.enum(['end', 'length', 'context', 'stopped']);
export type ChatEnd = z.output<typeof chatEnd>;
