/** The adapters of a program: one flat variable, and what each adapter has in each layer and in the head as a piece of it. */
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Architecture } from '../model/architecture.ts';
import type { LayerSlots } from '../model/layer-slots.ts';
import type { BankLayout, Slot } from './layout.ts';

/** One adapter's slots in one layer, which are neighbours in the vector of all parameters, and their numbers. */
export type BankSlots = { layer: number; slots: readonly Slot[]; vector: Tensor };

export type BankPieces = {
  slots: readonly BankSlots[];
  /** One for each adapter that trains tensors whole: their numbers, one tensor after another. */
  wholes: readonly Tensor[];
};

/** Where a piece begins; `layer` is null for the tensors that are trained whole. */
type Place = { begin: number; layer: number | null; slots: readonly Slot[] };

/** Cuts the vector of all trainable parameters [P] into pieces, in its order. */
export function bankPieces(layout: BankLayout, parameters: Tensor | null): BankPieces {
  if (!parameters) return { slots: [], wholes: [] };
  const places = placesOf(layout);
  const sizes = places.map(({ begin }, i) => (places[i + 1]?.begin ?? layout.size) - begin);
  const vectors = o.split(parameters, sizes, 0);
  const slots: BankSlots[] = [];
  const wholes: Tensor[] = [];
  for (const [i, { layer, slots: own }] of places.entries()) {
    const vector = present(vectors[i]);
    if (layer === null) wholes.push(vector);
    else slots.push({ layer, slots: own, vector });
  }
  return { slots, wholes };
}

export function slotsByLayer(bank: readonly BankSlots[], layers: number): LayerSlots[][] {
  return Array.from({ length: layers }, (_, layer) => bank.filter((each) => each.layer === layer));
}

/** Those on linear layers of the head, which stand after the last layer. */
export function slotsOfHead(
  bank: readonly BankSlots[],
  { config }: Pick<Architecture, 'config'>,
): LayerSlots[] {
  return bank.filter(({ layer }) => layer === config.numHiddenLayers);
}

/** Puts the gradients of the pieces, layer by layer with the head after the last, back in the order of [P]. */
export function gradientVector(
  layout: BankLayout,
  byLayer: readonly (readonly Tensor[])[],
  wholes: readonly Tensor[],
): Tensor {
  const waiting = byLayer.map((gradients) => gradients.values());
  const waitingWholes = wholes.values();
  const pieces = placesOf(layout).map(({ layer }) => {
    const next = (layer === null ? waitingWholes : waiting[layer])?.next();
    if (!next || next.done) throw new GraphError(`no gradient for ${layer ?? 'what is whole'}`);
    return next.value;
  });
  return o.concat(pieces, 0);
}

function placesOf({ adapters }: BankLayout): Place[] {
  return adapters.flatMap(({ slots, wholes }) => {
    const layers = [...new Set(slots.map(({ layer }) => layer))];
    const inLayers = layers.map((layer): Place => {
      const own = slots.filter((slot) => slot.layer === layer);
      return { begin: own[0]?.a ?? 0, layer, slots: own };
    });
    const whole = wholes.slice(0, 1).map(({ at }): Place => {
      return { begin: at, layer: null, slots: [] };
    });
    return [...inLayers, ...whole];
  });
}
