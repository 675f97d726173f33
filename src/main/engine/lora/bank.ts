/** The adapters of a program: one flat variable, and the slots of each adapter in each layer as a piece of it. */
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LayerSlots } from '../model/layer-slots.ts';
import type { BankLayout, Slot } from './layout.ts';

/** One adapter's slots in one layer, which are neighbours in the vector of all parameters, and their numbers. */
export type BankSlots = { layer: number; slots: readonly Slot[]; vector: Tensor };

/** Cuts the vector of all trainable parameters [P] into the slots of each adapter and layer, in its order. */
export function bankSlots(layout: BankLayout, parameters: Tensor | null): BankSlots[] {
  if (!parameters) return [];
  const places = neighbours(layout);
  const begins = places.map(({ slots }) => slots[0]?.a ?? 0);
  const sizes = begins.map((begin, i) => (begins[i + 1] ?? layout.size) - begin);
  const vectors = o.split(parameters, sizes, 0);
  return places.map((place, i) => ({ ...place, vector: present(vectors[i]) }));
}

export function slotsByLayer(bank: readonly BankSlots[], layers: number): LayerSlots[][] {
  return Array.from({ length: layers }, (_, layer) => bank.filter((each) => each.layer === layer));
}

/** Puts the gradients of each layer's vectors back in the order of [P]: the inverse of `slotsByLayer`. */
export function gradientVector(
  layout: BankLayout,
  byLayer: readonly (readonly Tensor[])[],
): Tensor {
  const waiting = byLayer.map((gradients) => gradients.values());
  const pieces = neighbours(layout).map(({ layer }) => {
    const next = waiting[layer]?.next();
    if (!next || next.done) throw new GraphError(`an adapter of layer ${layer} has no gradient`);
    return next.value;
  });
  return o.concat(pieces, 0);
}

function neighbours({ adapters }: BankLayout): Omit<BankSlots, 'vector'>[] {
  return adapters.flatMap(({ slots }) => {
    const layers = new Set(slots.map(({ layer }) => layer));
    return [...layers].map((layer) => {
      return { layer, slots: slots.filter((slot) => slot.layer === layer) };
    });
  });
}
