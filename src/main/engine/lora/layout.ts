/** Targets, and their slots: where each adapter's A and B, and what it trains whole, lie in the one flat vector of trainable parameters. */
import { learningParameters } from '../../../shared/adapter-size.ts';
import { elements } from '../graph/shape.ts';
import type { LinearLayer, VectorShape } from '../model/architecture.ts';

/** A linear layer that gets an adapter: ΔW = scaling · B·A. A is [rank, in], B is [out, rank]. */
export type Target = {
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

/** A target's place in the vector: A begins at `a`, B at `b`, both row-major; the magnitude, where there is one, at `m`. */
export type Slot = Target & {
  /** Which adapter of the bank. */
  adapter: number;
  a: number;
  b: number;
  m: number | null;
};

/** A tensor that is trained whole, such as a part of a head: it begins at `at`. */
type WholeSlot = VectorShape & { at: number };

/** One adapter: its slots layer by layer, what it trains whole, and the half-open range of the vector that is its own. */
export type AdapterSlots = {
  slots: readonly Slot[];
  wholes: readonly WholeSlot[];
  begin: number;
  end: number;
};

/** All adapters of a bank one after another in one vector of `size` float32 numbers. */
export type BankLayout = { adapters: readonly AdapterSlots[]; size: number };

/** @param wholes what every adapter has beside its targets */
export function layOut(
  adapters: readonly (readonly Target[])[],
  wholes: readonly VectorShape[] = [],
): BankLayout {
  let size = 0;
  const placed = adapters.map((targets, adapter) => {
    const begin = size;
    const slots = byLayer(targets).map((target): Slot => {
      const a = size;
      const b = a + target.rank * target.module.in;
      size = b + target.module.out * target.rank;
      const m = target.dora ? size : null;
      if (target.dora) size += target.module.out;
      return { ...target, adapter, a, b, m };
    });
    const placedWholes = wholes.map((whole): WholeSlot => {
      const at = size;
      size += elements(whole.shape);
      return { ...whole, at };
    });
    return { slots, wholes: placedWholes, begin, end: size };
  });
  return { adapters: placed, size };
}

function byLayer(targets: readonly Target[]): Target[] {
  return [...targets].sort((one, other) => one.layer - other.layer);
}

/** Columns of the gates: one for each adapter. Without adapters there is a dummy column, since no tensor may be empty. */
export function gateColumns(layout: BankLayout): number {
  return Math.max(1, layout.adapters.length);
}

/** How many of an adapter's parameters learn. */
export function trainableParameters({ slots, wholes }: AdapterSlots): number {
  const inWholes = wholes.reduce((total, { shape }) => total + elements(shape), 0);
  return slots.reduce(
    (total, { module, rank, frozenRank, dora }) =>
      total + learningParameters(module, rank - frozenRank, dora),
    inWholes,
  );
}
