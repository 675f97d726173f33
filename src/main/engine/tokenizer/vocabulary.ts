/** The vocabulary of tokenizer.json: words to ids, or of a Unigram model words with scores in the order of their ids. */
import { z } from 'zod';
import { listOf, recordOf } from '../../../shared/first-wrong.ts';

/** As words with their ids. */
export const vocabularyWords = z.union([
  recordOf(z.string(), z.int()).transform((vocab) => Object.entries(vocab)),
  listOf(z.tuple([z.string(), z.number()])).transform((pieces) =>
    pieces.map(([word], id): [string, number] => [word, id]),
  ),
]);
