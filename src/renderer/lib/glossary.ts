/** A label and a word of help for every figure of health; settings have theirs in shared/settings/table.ts. */
import type { Term } from '../../shared/settings/setting.ts';

/** Figures of an adapter's health, one a module; by the key of the reading. */
export const healthTerms = {
  deltaRatio: {
    label: 'Change of the weight, ‖ΔW‖ / ‖W‖',
    help: 'How large the change of a weight is beside the weight itself. A few per cent are usual; at 100 % it is as large.',
  },
  normA: {
    label: 'Size of A, ‖A‖',
    help: 'Length of all numbers of A together. A starts at random and moves little.',
  },
  normB: {
    label: 'Size of B, ‖B‖',
    help: 'Length of all numbers of B together. B mostly starts at 0: while it is 0, the adapter does nothing.',
  },
  gradientNorm: {
    label: 'Gradient norm',
    help: 'How strongly the last step pulled at a module, before clipping. A module that stays near 0 while others do not learns nothing.',
  },
} as const satisfies Record<string, Term>;
