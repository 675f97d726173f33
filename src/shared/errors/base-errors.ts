/** What can be wrong with the way in which a base is to be held. */
import { baseForms, type BaseChoice } from '../base-forms.ts';
import type { Catalogue } from './problem.ts';

export const baseErrors = {
  'base/double-quant': (d: { base: BaseChoice }) => ({
    what:
      d.base === 'auto'
        ? 'Double quantisation is a part of NF4, and it is not said that the base is to be held so.'
        : `Double quantisation is a part of NF4, and the base is to be held as ${d.base} (${baseForms[d.base].label}).`,
    where: 'double quantisation',
    next: 'Leave it out, or hold the base as nf4.',
  }),
} satisfies Catalogue;
