/** The cases of the bench, in the order in which they run. */
import type { Case } from '../lib/bench.ts';
import { estimate } from './estimate.ts';
import { exportGguf } from './export.ts';
import { generation } from './generation.ts';
import { growth } from './growth.ts';
import { job } from './job.ts';
import { memory } from './memory.ts';
import { merge } from './merge.ts';
import { quantised } from './quantised.ts';
import { start } from './start.ts';
import { steps } from './steps.ts';
import { compareVariants } from './variants.ts';

export const cases = {
  ...{ steps, job, memory, start, merge, generation, growth },
  ...{ variants: compareVariants, estimate, export: exportGguf, quantised },
} satisfies Record<string, Case>;

export type CaseName = keyof typeof cases;
export const caseNames = Object.keys(cases).filter(isCaseName);

export function isCaseName(name: string): name is CaseName {
  return name in cases;
}
