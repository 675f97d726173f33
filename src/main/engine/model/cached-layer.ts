/** One layer in generation: nothing of its weights depends on the token, so all of them are prepared beforehand. */
import { numbered, type NamedTensor } from '../graph/named-tensors.ts';
import { GraphError, type Tensor } from '../graph/node.ts';
import type { Variable } from '../graph/program.ts';
import type { AdapterMatrices } from './adapter-matrices.ts';
import type { LayerAttention, LayerContext } from './architecture.ts';
import {
  groupOf,
  layerTensors,
  layerWeightsFrom,
  vectorOf,
  type LayerWeights,
} from './layer-weights.ts';
import type { SlotShape } from './layer-slots.ts';
import { layerProjections } from './layer-projections.ts';

/** Keys and values of one layer: rows of hd numbers, ordered by sequence, key head, place: [B·K·Tmax, hd]. */
export type LayerCache = { keys: Variable; values: Variable };

/** The adapters on one group of linear layers; `matrices` is null without any. */
export type PreparedGroup = {
  slots: readonly SlotShape[];
  matrices: AdapterMatrices<Tensor> | null;
};

export type CachedLayer = {
  index: number;
  attention: LayerAttention;
  weights: LayerWeights;
  /** By group. */
  adapters: ReadonlyMap<string, PreparedGroup>;
  cache: LayerCache;
};

/** Weights and adapters of a layer, by name. */
export function cachedLayerTensors({ weights, adapters }: CachedLayer): NamedTensor[] {
  const matrices = [...adapters].flatMap(([group, prepared]) =>
    numbered(adapterName(group), matrixTensors(prepared)),
  );
  return [...layerTensors(weights), ...matrices];
}

/**
 * The layer inside a function that was given its tensors.
 * @param get by the names of `cachedLayerTensors`
 * @param gates [N, k]
 */
export function cachedContext(
  layer: CachedLayer,
  get: (name: string) => Tensor,
  gates: Tensor,
  rest: Pick<LayerContext, 'fusion' | 'shape' | 'dtype' | 'angles'>,
): LayerContext {
  const weights = layerWeightsFrom(layer.weights, get);
  return {
    ...rest,
    layer: layer.index,
    counted: null,
    vector: (path) => vectorOf(weights, path),
    ...layerProjections({
      group(name) {
        const { matrix, bias } = groupOf(weights, name);
        const prepared = layer.adapters.get(name);
        if (!prepared) throw new GraphError(`no linear layers are called ${name}`);
        const matrices = matricesFrom(name, prepared, get);
        return { to: { base: matrix, slots: prepared.slots, matrices }, bias, rankGates: null };
      },
      gates,
      dropout: () => null,
      sums: false,
    }),
  };
}

function matrixTensors({ matrices }: PreparedGroup): Tensor[] {
  const { a, b, ratiosMinusOne } = matrices ?? { a: null, b: null, ratiosMinusOne: null };
  return [a, b, ratiosMinusOne].filter((tensor) => tensor !== null);
}

function matricesFrom(
  group: string,
  { matrices }: PreparedGroup,
  get: (name: string) => Tensor,
): AdapterMatrices<Tensor> | null {
  if (!matrices) return null;
  const at = (index: number) => get(`${adapterName(group)}.${index}`);
  return { a: at(0), b: at(1), ratiosMinusOne: matrices.ratiosMinusOne && at(2) };
}

function adapterName(group: string): string {
  return `adapter.${group}`;
}
