/** What a measurement on one model adds to the case. */
import type { Shape } from '../lib/batches.ts';
import type { Ratio } from '../lib/result.ts';

export type Part = { rows: string[][]; notes: string[]; ratios: Ratio[] };

/** Steps of so many tokens. */
export const batch: Shape = { rows: 1, length: 1024 };
