/** Usual choices of target modules. */
import { select, type GridModel, type TargetSelection } from './target-selection.ts';

export type TargetPreset = {
  name: string;
  help: string;
  of: (model: GridModel) => TargetSelection;
};

/** Of the part of a layer that is attention, whatever a family calls its layers. */
const attention = /\.(?:self_attn|attention|attn)\./;
/** Not there where a family has q, k and v in one matrix. */
const queryAndValue = /^(?:[qv]_(?:proj|lin)|query|value)$/;

export const targetPresets: readonly TargetPreset[] = [
  {
    name: 'All linear',
    help: 'Every linear layer of the transformer layers: learns most (the usual choice)',
    of: (model) => select(model, ({ gate }) => !gate),
  },
  {
    name: 'Attention only',
    help: 'The projections of attention: about a third of the parameters',
    of: (model) => select(model, ({ path }) => attention.test(path)),
  },
  {
    name: 'q + v',
    help: 'Queries and values, as in the LoRA paper: the smallest adapter',
    of: (model) => select(model, ({ name }) => queryAndValue.test(name)),
  },
  {
    name: 'Upper half',
    help: 'The upper half of the layers: faster, since nothing below is trained',
    of: (model) =>
      select(model, ({ gate }, layer) => !gate && layer >= Math.floor(model.layers / 2)),
  },
];
