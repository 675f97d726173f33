/** Usual choices of target modules. */
import { select, type GridModel, type TargetSelection } from './target-selection.ts';

export type TargetPreset = {
  name: string;
  help: string;
  of: (model: GridModel) => TargetSelection;
};

const attention = /^(q|k|v|o)_proj$/;
const queryAndValue = /^(q|v)_proj$/;

export const targetPresets: readonly TargetPreset[] = [
  {
    name: 'All linear',
    help: 'Every linear layer: learns most (the usual choice)',
    of: (model) => select(model, () => true),
  },
  {
    name: 'Attention only',
    help: 'The four projections of attention: about a third of the parameters',
    of: (model) => select(model, (module) => attention.test(module)),
  },
  {
    name: 'q + v',
    help: 'Queries and values, as in the LoRA paper: the smallest adapter',
    of: (model) => select(model, (module) => queryAndValue.test(module)),
  },
  {
    name: 'Upper half',
    help: 'The upper half of the layers: faster, since nothing below is trained',
    of: (model) => select(model, (_, layer) => layer >= Math.floor(model.layers / 2)),
  },
];
