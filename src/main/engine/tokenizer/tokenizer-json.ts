/** The parts of tokenizer.json that the tokenizer relies on, with what older files leave out filled in. */
import { z } from 'zod';
import { listOf } from '../../../shared/first-wrong.ts';

const addedToken = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  special: z.boolean().default(false),
  /** Whether it takes the white space before it, and the one behind it. */
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
});

export type AddedTokenJson = z.infer<typeof addedToken>;

export const tokenizerJsonShape = z
  .object({
    model: z.looseObject({
      vocab: z.custom<Readonly<Record<string, number>> | readonly unknown[]>(
        (value) => typeof value === 'object' && value !== null,
        'no vocabulary',
      ),
    }),
    added_tokens: listOf(addedToken).default([]),
    normalizer: z.unknown().transform((value) => value ?? null),
    pre_tokenizer: z.unknown().transform((value) => value ?? null),
    post_processor: z.unknown().transform((value) => value ?? null),
    decoder: z.unknown().transform((value) => value ?? null),
  })
  .transform((json) => ({ ...json, vocabSize: vocabSize(json.model.vocab, json.added_tokens) }));

function vocabSize(
  vocab: Readonly<Record<string, number>> | readonly unknown[],
  added: readonly { id: number }[],
): number {
  const own = isList(vocab)
    ? vocab.length
    : Object.values(vocab).reduce((largest, id) => Math.max(largest, id + 1), 0);
  return added.reduce((largest, { id }) => Math.max(largest, id + 1), own);
}

function isList(vocab: object): vocab is readonly unknown[] {
  return Array.isArray(vocab);
}
