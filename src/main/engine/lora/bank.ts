/** The adapters of a program: one flat variable, and its pieces as each layer's A and B. */
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LayerSite } from '../model/llama-layer.ts';
import type { BankLayout } from './layout.ts';

/** One layer's adapter weights: which they are, and A [rank, in], B [out, rank] of each. */
export type LayerAdapters = { site: LayerSite; weights: { a: Tensor; b: Tensor }[] };

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
  const sizes = placed.flatMap(({ module, rank }) => [rank * module.in, module.out * rank]);
  const pieces = o.split(parameters, sizes, 0);
  placed.forEach(({ layer, module, rank, scaling, adapter }, i) => {
    const target = result[layer];
    if (!target) return;
    target.site = [...target.site, { adapter, module: module.name, rank, scaling }];
    target.weights.push({
      a: o.reshape(present(pieces[2 * i]), [rank, module.in]),
      b: o.reshape(present(pieces[2 * i + 1]), [module.out, rank]),
    });
  });
  return result;
}

/** Puts gradients of each layer's A and B back in the order of the vector: the inverse of `adaptersByLayer`. */
export function gradientVector(
  layout: BankLayout,
  byLayer: readonly (readonly { a: Tensor; b: Tensor }[])[],
): Tensor {
  const used = byLayer.map(() => 0);
  const pieces = layout.adapters.flatMap(({ modules }) =>
    modules.flatMap(({ layer }) => {
      const index = used[layer] ?? 0;
      used[layer] = index + 1;
      const gradient = byLayer[layer]?.[index];
      return [flat(gradient?.a), flat(gradient?.b)];
    }),
  );
  return o.concat(pieces, 0);
}

function flat(tensor: Tensor | undefined): Tensor {
  const given = present(tensor);
  return o.reshape(given, [given.shape.reduce((a, b) => a * b, 1)]);
}
