/** How much each row of the base matrices is changed, computed where the matrices lie: on the device. */
import { GraphError, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { AdapterWeights } from '../model/adapter-matrices.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import type { ModelConfig } from '../model/config.ts';
import { projections } from '../model/projection.ts';
import type { LayerAdapters } from './bank.ts';
import type { BankLayout, PlacedModule } from './layout.ts';

/** Rows of D = B·A, of the modules in the order of the layout; one number T for each row. */
export type ChangeRows<T> = {
  /** ‖d‖², [Σ out of all modules]. */
  squares: T;
  /** w·d with the same row of W, [Σ out of the modules with DoRA]; null where none has it. */
  overlaps: T | null;
};

/** Nothing of the size of W is made: ‖d‖² is a row of B ∘ (B·(A·Aᵀ)), w·d one of B ∘ (W·Aᵀ). */
export function changeRows(
  layout: BankLayout,
  adapters: readonly LayerAdapters[],
  weights: BaseWeights,
  config: ModelConfig,
): ChangeRows<Tensor> {
  const used = adapters.map(() => 0);
  const squares: Tensor[] = [];
  const overlaps: Tensor[] = [];
  for (const placed of layout.adapters.flatMap(({ modules }) => modules)) {
    const index = used[placed.layer] ?? 0;
    used[placed.layer] = index + 1;
    const own = adapters[placed.layer]?.weights[index];
    if (!own) throw new GraphError(`an adapter of layer ${placed.layer} has no weights`);
    const { a, b } = withoutCancelling(own, placed);
    const low = o.matmul(b, o.matmul(a, a, { transposeB: true }));
    squares.push(o.sum(o.mul(low, b), [-1]));
    if (placed.dora) {
      const base = baseMatrix(placed, weights, config);
      const wa = o.matmul(base, o.cast(a, base.dtype), { transposeB: true });
      overlaps.push(o.sum(o.mul(o.cast(wa, 'float32'), b), [-1]));
    }
  }
  return {
    squares: o.concat(squares, 0),
    overlaps: overlaps.length === 0 ? null : o.concat(overlaps, 0),
  };
}

/**
 * The same product from other factors. With frozen ranks B·A is B₁·A₁ − B₀·A₀, a small difference of large matrices;
 * it is also (B₁ − B₀)·A₁ + B₀·(A₁ − A₀), which loses nothing.
 */
function withoutCancelling(
  { a, b }: AdapterWeights<Tensor>,
  { rank, frozenRank, module }: PlacedModule,
): { a: Tensor; b: Tensor } {
  if (frozenRank === 0) return { a, b };
  const learning = rank - frozenRank;
  const learntA = o.slice(a, [0, 0], [learning, module.in]);
  const frozenA = o.slice(a, [learning, 0], [frozenRank, module.in]);
  const learntB = o.slice(b, [0, 0], [module.out, learning]);
  const minusFrozenB = o.slice(b, [0, learning], [module.out, frozenRank]);
  return {
    a: o.concat([learntA, o.sub(frozenA, learntA)], 0),
    b: o.concat([o.add(learntB, minusFrozenB), minusFrozenB], 1),
  };
}

/** The module's W [out, in], cut out of the product that it is a part of. */
function baseMatrix({ layer, module }: PlacedModule, weights: BaseWeights, config: ModelConfig) {
  const projection = projections(config).find(({ modules }) =>
    modules.some(({ name }) => name === module.name),
  );
  const product = weights.layers[layer]?.products.get(projection?.name ?? '');
  if (!projection || !product) throw new GraphError(`layer ${layer} has no ${module.name}`);
  const at = projection.modules.findIndex(({ name }) => name === module.name);
  const begin = projection.modules.slice(0, at).reduce((total, { out }) => total + out, 0);
  return o.slice(product.value, [begin, 0], [module.out, module.in]);
}
