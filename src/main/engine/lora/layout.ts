/** Where each adapter's A and B lie in the one flat vector of trainable parameters. */
import { learningParameters } from '../../../shared/adapter-size.ts';
import type { LinearLayer } from '../model/architecture.ts';

/** An adapter on one linear layer: ΔW = scaling · B·A. A is [rank, in], B is [out, rank]. */
export type AdaptedModule = {
  layer: number;
  module: LinearLayer;
  /** Of the module in the model: 'model.layers.3.self_attn.q_proj'. */
  path: string;
  rank: number;
  alpha: number;
  scaling: number;
  /** DoRA: a magnitude [out] is trained, too. */
  dora: boolean;
  /**
   * The last so many of the ranks never learn. PiSSA and OLoRA start from A₀ and B₀ taken out of the base matrix; the base
   * stays as it is, and the frozen ranks hold −B₀ and A₀ (PEFT `subtract_mutated_init`).
   */
  frozenRank: number;
};

/** The same with its place: A begins at `a`, B at `b`, both row-major; the magnitude, where there is one, at `m`. */
export type PlacedModule = AdaptedModule & { a: number; b: number; m: number | null };

/** One adapter: its modules layer by layer, and the half-open range of the vector that is its own. */
export type PlacedAdapter = { modules: readonly PlacedModule[]; begin: number; end: number };

/** All adapters of a bank one after another in one vector of `size` float32 numbers. */
export type BankLayout = { adapters: readonly PlacedAdapter[]; size: number };

export function layOut(adapters: readonly (readonly AdaptedModule[])[]): BankLayout {
  let size = 0;
  const placed = adapters.map((modules) => {
    const begin = size;
    const placedModules = byLayer(modules).map((adapted) => {
      const a = size;
      const b = a + adapted.rank * adapted.module.in;
      size = b + adapted.module.out * adapted.rank;
      const m = adapted.dora ? size : null;
      if (adapted.dora) size += adapted.module.out;
      return { ...adapted, a, b, m };
    });
    return { modules: placedModules, begin, end: size };
  });
  return { adapters: placed, size };
}

function byLayer(modules: readonly AdaptedModule[]): AdaptedModule[] {
  return [...modules].sort((one, other) => one.layer - other.layer);
}

/** Columns of the gates: one an adapter, and one without a meaning when there is none, since no tensor is empty. */
export function gateColumns(layout: BankLayout): number {
  return Math.max(1, layout.adapters.length);
}

/** How many of an adapter's parameters learn. */
export function trainableParameters({ modules }: PlacedAdapter): number {
  return modules.reduce(
    (total, { module, rank, frozenRank, dora }) =>
      total + learningParameters(module, rank - frozenRank, dora),
    0,
  );
}
