/** What can be wrong with base model files. */
import type { Catalogue } from './problem.ts';

export const checkpointErrors = {
} satisfies Catalogue;
