/** What can be wrong with LoRA settings and adapter files. */
import type { Catalogue } from './problem.ts';

export const adapterErrors = {
} satisfies Catalogue;
