/** What can be wrong with the way in which a base is to be held. */
import { baseForms, type BaseChoice, type BaseForm } from '../base-forms.ts';
import { listed } from './listed.ts';
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
  'base/quantised-already': (d: { path: string; base: BaseForm; types: readonly string[] }) => ({
    what: `The file holds its weights in blocks already (${listed([...d.types])}); to quantise them once more (${baseForms[d.base].label}) would only make them worse.`,
    where: d.path,
    next: 'Hold the base packed, as it is in the file, or leave the choice to auto.',
  }),
} satisfies Catalogue;
