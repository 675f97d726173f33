/** A LoRA adapter in memory, whatever file it came from. */
import type { Labels } from '../model/architecture.ts';

/** ΔW = scaling · B·A for one linear layer. */
export type AdapterModule = {
  rank: number;
  alpha: number;
  /** alpha / rank, or alpha / √rank for rsLoRA. */
  scaling: number;
  /** [rank, in], row-major. */
  a: Float32Array;
  /** [out, rank], row-major. */
  b: Float32Array;
  /** DoRA's row lengths [out]; null for plain LoRA. */
  magnitude: Float32Array | null;
  in: number;
  out: number;
};

/** A tensor that is trained and saved whole, row-major. */
export type SavedTensor = { shape: readonly number[]; values: Float32Array };

export type Adapter = {
  /** What the adapter's config calls its base model; a path or a name. */
  baseModel: string | null;
  /** The version of it; not there where the config names none. */
  revision?: string;
  /** Of the modules that have no rank of their own. */
  rank: number;
  alpha: number;
  /** Dropout while it was trained. */
  dropout: number;
  useRslora: boolean;
  useDora: boolean;
  /** PEFT's `task_type`; null where the adapter's config names none. */
  taskType: string | null;
  /** By module path: 'model.layers.0.self_attn.q_proj'. */
  modules: Map<string, AdapterModule>;
  /** Whole tensors of the model, by their names: the head of a classifier ('classifier.weight'). */
  saved: ReadonlyMap<string, SavedTensor>;
  /** Modules that its config says are saved whole. */
  savedModules?: readonly string[];
  /** What its classes are called; null where nothing is said of them. */
  labels: Labels | null;
};

/** Of a base that is only written in another form. */
export const noAdapter: Adapter = {
  baseModel: null,
  ...{ rank: 0, alpha: 0, dropout: 0, useRslora: false, useDora: false, taskType: null },
  modules: new Map(),
  saved: new Map(),
  labels: null,
};

/** The factor before B·A (PEFT `LoraLayer.update_layer`). */
export function loraScaling(rank: number, alpha: number, useRslora: boolean): number {
  return useRslora ? alpha / Math.sqrt(rank) : alpha / rank;
}

/**
 * 'model.layers.12.mlp.up_proj' → layer 12, 'mlp.up_proj': the first number in a path is the layer's, as PEFT takes it;
 * undefined for a path outside the layers.
 */
export function layerOf(path: string): { layer: number; path: string } | undefined {
  const [, layer, local] = /^(?:[^.]*\.)*?(0|[1-9]\d*)\.(.+)$/.exec(path) ?? [];
  if (layer === undefined || local === undefined) return undefined;
  return { layer: Number(layer), path: local };
}

/** What its numbers take in a file of float32. */
export function adapterBytes({ modules, saved }: Adapter): number {
  const inModules = [...modules.values()].flatMap(({ a, b, magnitude }) => [a, b, magnitude ?? []]);
  const arrays = [...inModules, ...[...saved.values()].map(({ values }) => values)];
  return arrays.reduce((sum, { length }) => sum + 4 * length, 0);
}
