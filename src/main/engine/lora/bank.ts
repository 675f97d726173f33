/** The adapters of a program: one flat variable, and its pieces as each layer's A and B. */
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LayerSite } from '../model/llama-layer.ts';
import type { AdapterWeights } from '../model/adapter-matrices.ts';
import type { BankLayout } from './layout.ts';

/** One layer's adapter weights: which they are, and the tensors of each. */
export type LayerAdapters = { site: LayerSite; weights: AdapterWeights<Tensor>[] };

/** Cuts the vector of all trainable parameters [P] into the adapters of each layer. */
export function adaptersByLayer(
  layout: BankLayout,
  parameters: Tensor | null,
  layers: number,
): LayerAdapters[] {
  const result = Array.from({ length: layers }, (): LayerAdapters => ({ site: [], weights: [] }));
  if (!parameters) return result;
  const placed = layout.adapters.flatMap(({ modules }, adapter) =>
    modules.map((module) => ({ ...module, adapter })),
  );
  const sizes = placed.flatMap(({ module, rank, dora }) => [
    rank * module.in,
    module.out * rank,
    ...(dora ? [module.out] : []),
  ]);
  const pieces = o.split(parameters, sizes, 0).values();
  const next = (shape: readonly number[]) => o.reshape(present(pieces.next().value), shape);
  for (const { layer, module, rank, scaling, adapter, dora } of placed) {
    const weights = {
      a: next([rank, module.in]),
      b: next([module.out, rank]),
      magnitude: dora ? next([module.out]) : null,
    };
    const target = result[layer];
    if (!target) continue;
    target.site = [...target.site, { adapter, module: module.name, rank, scaling, dora }];
    target.weights.push(weights);
  }
  return result;
}

/** Puts gradients of each layer's A and B back in the order of the vector: the inverse of `adaptersByLayer`. */
export function gradientVector(
  layout: BankLayout,
  byLayer: readonly (readonly AdapterWeights<Tensor>[])[],
): Tensor {
  const used = byLayer.map(() => 0);
  const pieces = layout.adapters.flatMap(({ modules }) =>
    modules.flatMap(({ layer }) => {
      const index = used[layer] ?? 0;
      used[layer] = index + 1;
      const gradient = byLayer[layer]?.[index];
      if (!gradient) throw new GraphError(`an adapter of layer ${layer} has no gradient`);
      const { a, b, magnitude } = gradient;
      return [a, b, ...(magnitude ? [magnitude] : [])].map(flat);
    }),
  );
  return o.concat(pieces, 0);
}

function flat(tensor: Tensor): Tensor {
  return o.reshape(tensor, [tensor.shape.reduce((a, b) => a * b, 1)]);
}
