/** How a layer's body asks for the products of its linear layers, in training as in generation. */
import { keepable } from '../graph/gradients/keep.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { AdaptedGroup } from './adapter-matrices.ts';
import type { LayerContext } from './architecture.ts';
import { project, type AdapterSwitches } from './projection.ts';

/** One group of linear layers as it is in the layer: its modules' biases [Σ out] are float32. */
type PlacedGroup = {
  to: AdaptedGroup;
  bias: Tensor | null;
  /** As in `AdapterSwitches`. */
  rankGates: Tensor | null;
};

export type LayerProjections = {
  /** Throws a GraphError for one that the layer does not have. */
  group: (name: string) => PlacedGroup;
  /** [N, k] */
  gates: Tensor;
  /** What is dropped before the adapters of a group, by its name. */
  dropout: (group: string) => AdapterSwitches['dropout'];
  /** Whether terms that are worth it are summed for the backward pass. */
  sums: boolean;
};

export function layerProjections({
  group,
  gates,
  dropout,
  sums,
}: LayerProjections): Pick<LayerContext, 'project' | 'projectRuns'> {
  const termsOf = (products: readonly Tensor[], terms: 'summed' | undefined) =>
    terms === 'summed' && sums
      ? [keepable(products.reduce((sum, product) => o.add(sum, product)))]
      : products;
  return {
    project(name, x, terms) {
      const { to, bias, rankGates } = group(name);
      const products = project(x, to, { gates, rankGates, dropout: dropout(name) });
      const kept = termsOf(products, terms);
      return bias ? [...kept, bias] : kept;
    },
    projectRuns(names, x, { lengths, tokens }, terms) {
      const groups = names.map((name) => group(name).to);
      const sorted = { gates: o.gather(gates, tokens), rankGates: null };
      const switches = { ...sorted, dropout: dropout(names[0] ?? '') };
      return termsOf(project(x, { groups, lengths }, switches), terms);
    },
  };
}
