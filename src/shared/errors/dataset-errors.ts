/** What can be wrong with data files and tokenizers. */
import type { Catalogue } from './problem.ts';

export const datasetErrors = {
} satisfies Catalogue;
