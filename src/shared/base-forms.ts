/** How the weights of a base model can be held while they are trained on. */
export const baseForms = {
  dense: {
    label: 'Dense',
    help: 'Every weight in the type that is computed in: the fastest.',
  },
  packed: {
    label: 'As in the file',
    help: 'The blocks or 16-bit numbers of the file, unpacked layer by layer. The values are those of the file.',
  },
  nf4: {
    label: 'NF4, 4 bits',
    help: 'Quantised while it is loaded, as QLoRA does: least memory, and the adapter learns on top of the rounded weights.',
  },
  int8: {
    label: 'int8, 8 bits',
    help: 'Quantised while it is loaded, a scale for each row: nearly the original weights.',
  },
} as const;

export type BaseForm = keyof typeof baseForms;
/** What can be asked for; 'auto' is the form that fits the memory. */
export type BaseChoice = BaseForm | 'auto';
