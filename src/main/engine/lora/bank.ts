/** The adapters of a program: one flat variable, and what each adapter has in each layer as a piece of it. */
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LayerAdapters } from '../model/layer-adapters.ts';
import type { BankLayout, PlacedModule } from './layout.ts';

/** One adapter's modules in one layer, which are neighbours in the vector of all parameters. */
export type PlacedPiece = { adapter: number; layer: number; modules: readonly PlacedModule[] };

/** The same with its numbers, as `cutVector` takes them. */
export type BankPiece = PlacedPiece & { vector: Tensor };

/** Cuts the vector of all trainable parameters [P] into pieces, in its order. */
export function bankPieces(layout: BankLayout, parameters: Tensor | null): BankPiece[] {
  if (!parameters) return [];
  const placed = placedPieces(layout);
  const begins = placed.map(({ modules }) => modules[0]?.a ?? 0);
  const sizes = begins.map((begin, i) => (begins[i + 1] ?? layout.size) - begin);
  const vectors = o.split(parameters, sizes, 0);
  return placed.map((piece, i) => ({ ...piece, vector: present(vectors[i]) }));
}

export function adaptersByLayer(pieces: readonly BankPiece[], layers: number): LayerAdapters[] {
  return Array.from({ length: layers }, (_, layer) => {
    const own = pieces.filter((piece) => piece.layer === layer);
    return {
      site: own.map(({ adapter, modules }) =>
        modules.map(({ module, rank, scaling, dora }) => ({
          ...{ adapter, module, rank, scaling, dora },
        })),
      ),
      vectors: own.map(({ vector }) => vector),
    };
  });
}

/** Puts the gradients of each layer's vectors back in the order of [P]: the inverse of `adaptersByLayer`. */
export function gradientVector(
  layout: BankLayout,
  byLayer: readonly (readonly Tensor[])[],
): Tensor {
  const waiting = byLayer.map((gradients) => gradients.values());
  const pieces = placedPieces(layout).map(({ layer }) => {
    const next = waiting[layer]?.next();
    if (!next || next.done) throw new GraphError(`an adapter of layer ${layer} has no gradient`);
    return next.value;
  });
  return o.concat(pieces, 0);
}

function placedPieces({ adapters }: BankLayout): PlacedPiece[] {
  return adapters.flatMap(({ modules }, adapter) => {
    const layers = new Set(modules.map(({ layer }) => layer));
    return [...layers].map((layer) => {
      return { adapter, layer, modules: modules.filter((module) => module.layer === layer) };
    });
  });
}
