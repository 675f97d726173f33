/** A model of any family with its sizes filled in, as every stage of the engine sees it. */
import type { MergeDtype } from '../../../shared/contract/merge-report.ts';
import type { LabelKind } from '../../../shared/tasks.ts';
import type { DType } from '../graph/dtype.ts';
import type { Fusion } from '../graph/island.ts';
import type { Tensor } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import type { BaseMatrix } from './base-matrix.ts';
import type { GgufForm } from './gguf-form.ts';
import type { RopeAngles, Rotation } from './rope.ts';

/** Batch rows B and tokens T in each: activations are [B·T, D]. */
export type BatchShape = { rows: number; length: number };

/** The numbers that all families have. */
export type ModelConfig = {
  /** `model_type` of config.json. */
  modelType: string;
  vocabSize: number;
  hiddenSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  numKeyValueHeads: number;
  /** Width of one head. */
  headDim: number;
  maxPositionEmbeddings: number;
  /** The output matrix is the embedding matrix. */
  tieWordEmbeddings: boolean;
  bosTokenId: number | null;
  /** Tokens that end an answer; empty when the config names none. */
  eosTokenIds: number[];
};

/** A linear layer that occurs once in every transformer layer: what LoRA can be put on. */
export type LinearLayer = {
  /**
   * The shortest name that means this one alone: 'q_proj'. It is what a person targets. One that every expert has means that of
   * all experts: 'experts.up_proj'.
   */
  name: string;
  /** Inside its layer: 'self_attn.q_proj'. Its weight is [out, in] at `<path>.weight`. */
  path: string;
  in: number;
  out: number;
  /** Whether there is a `<path>.bias` [out]. */
  bias: boolean;
  /** Whether Hugging Face's files hold its weight as [in, out]; everywhere else it is [out, in]. */
  transposed?: boolean;
  /** The layers that have it, where not all do. */
  layers?: ReadonlySet<number>;
  /** It says where tokens go or how much of a block counts: adapted only where it is named. */
  gate?: true;
  /** Those of one group read the same input and are computed as one product. */
  group: string;
};

/** A tensor that is no matrix of a product, such as the weight of a norm; always float32. */
export type VectorShape = {
  path: string;
  shape: Shape;
  /** Added to each number where it is computed with: 1 for norms that are stored around 0. */
  offset?: number;
};

/** How the tokens of one layer attend to each other. */
export type LayerAttention = {
  /** A token sees what stands before it and itself, or the whole sequence. */
  sees: 'before' | 'both';
  /** It sees so many tokens at most, itself among them; null for all. */
  window: number | null;
  /** Rotary positions; null where positions are in the embedding. Equal ones are one object. */
  rotation: Rotation | null;
  /** Scores s become cap · tanh(s / cap) before the mask; null where they stay. */
  cap: number | null;
};

/** What lies outside of the layers, ready to be computed with. */
export type OutsideContext = {
  fusion: Fusion;
  /** The type that matrix products read. */
  dtype: DType;
  embedding: BaseMatrix;
  vector(path: string): Tensor;
};

/** Rows sorted by what they are multiplied with: so many rows in each run (int32 [groups]), and the token of each row (int32 [P]). */
export type SortedRows = { lengths: Tensor; tokens: Tensor };

/** One layer's weights and inputs, ready to be computed with: in training as in generation. */
export type LayerContext = {
  fusion: Fusion;
  shape: BatchShape;
  /** The type that matrix products read. */
  dtype: DType;
  /** By path inside the layer. */
  vector(path: string): Tensor;
  /**
   * The product of x [N, in] with a group of linear layers, with its adapters and biases: terms [N, Σ out] (a bias [Σ out])
   * that the element-wise work which follows adds up. 'summed' says that they are worth keeping for the backward pass as one
   * sum, not one by one.
   */
  project(group: string, x: Tensor, terms?: 'summed'): readonly Tensor[];
  /** The same for rows [P, in] that are sorted by the group of theirs: groups of one form without biases. */
  projectRuns(
    groups: readonly string[],
    x: Tensor,
    rows: SortedRows,
    terms?: 'summed',
  ): readonly Tensor[];
  /** Which of the model's layers it is. */
  layer: number;
  /** float32 [N, k]: the gates of the bank's adapters for each token, times the sequences that it belongs to; null where nothing is counted. */
  counted: Tensor | null;
  /** Of the layer's rotation. */
  angles: RopeAngles | null;
};

/** q [B, K, G, T, hd], k and v [B, K, T, hd], with K key heads and G query heads to each; q is scaled. */
export type Heads = readonly [q: Tensor, k: Tensor, v: Tensor];

/**
 * How the counted tokens of one layer met its experts, float32 [k, E] each, by adapter: the router's probabilities, summed, and
 * how often each was chosen.
 */
export type Routed = { probabilities: Tensor; chosen: Tensor };

/** `routed` is null in layers without experts, and where nothing is counted. */
export type LayerOutput = { stream: Tensor; routed: Routed | null };

/** Of a layer without experts. */
export function unrouted(stream: Tensor): LayerOutput {
  return { stream, routed: null };
}

/** A layer in two halves around attention, so that training and generation run the same body. */
export interface LayerBody {
  /** x [B·T, D] float32, the residual stream. */
  beforeAttention(at: LayerContext, x: Tensor): Heads;
  /** x as before; attended [B·T, H·hd] → the stream after the layer. */
  afterAttention(at: LayerContext, x: Tensor, attended: Tensor): LayerOutput;
}

/** How a family classifies whole sequences: which token is read of what the last layer gives, and the head above it. */
export interface SequenceHead {
  /** The class of transformers: 'BertForSequenceClassification'. */
  readonly className: string;
  readonly reads: 'first' | 'last';
  /** Its tensors for so many labels, by their names in the model; all of them are trained. */
  parts(labels: number): readonly VectorShape[];
  /** Deviation of the first values of matrices (`initializer_range`). */
  readonly deviation: number;
  /**
   * Frozen linear layers that only the head reads, by their paths in the model: adapters can sit on them as on those of a layer,
   * in the place of a layer after the last.
   */
  readonly linears: readonly LinearLayer[];
  /** x [C, D] float32 → float32 logits [C, labels]. */
  logits(at: HeadContext, x: Tensor): Tensor;
}

export type HeadContext = OutsideContext & {
  /** Of the tensors that are trained whole. */
  part(path: string): Tensor;
  /** x·Wᵀ and the bias of one of the head's `linears`, with its adapters: x [C, in] → [C, out] float32. */
  linear(path: string, x: Tensor): Tensor;
};

/** What a model's own files say of the classes that it tells apart; PEFT and transformers call the kinds so. */
export type Labels = {
  problem: LabelKind | null;
  names: readonly string[];
};

/** The names of the matrices that a slice of a tensor holds, one below the other; slices follow each other on the first axis. */
export type StackedNames = (slice: number) => readonly string[];

export type Experts = { count: number; perToken: number; layers: ReadonlySet<number> };

export interface Architecture extends LayerBody {
  readonly config: ModelConfig;
  /** What a person should know of the settings that it was read from, in sentences. */
  readonly notices: readonly string[];
  /** 'model.layers': layer 3 has its weights below 'model.layers.3'. */
  readonly layersPath: string;
  /** In one layer, in the order of the forward pass; see `linearsOf`. */
  readonly linears: readonly LinearLayer[];
  /** How many experts the layers have that have some, and how many a token goes to; null in models without. */
  readonly experts: Experts | null;
  /** In one layer, by path inside it. */
  readonly layerVectors: readonly VectorShape[];
  /**
   * Outside of the layers: names of the matrices [V, D], `output` also where it is tied and null in models that predict no next
   * token, and other tensors.
   */
  readonly outside: { embedding: string; output: string | null; vectors: readonly VectorShape[] };
  readonly head: SequenceHead;
  /** Of a model that classifies by itself; null for all others. */
  readonly labels: Labels | null;
  /** How many token types there are, which tell the two texts of a pair apart; 0 where there are none. */
  readonly tokenTypes: number;
  attention(layer: number): LayerAttention;
  /** Logits z become cap · tanh(z / cap); null where they stay. */
  readonly logitCap: number | null;
  /** tokens, positions and token types int32 [N] → the residual stream [N, D] float32. Types are null where there are none. */
  embed(at: OutsideContext, tokens: Tensor, positions: Tensor, types: Tensor | null): Tensor;
  /** From the last layer to what the output matrix reads: x [N, D] → [N, D]. */
  finish(at: OutsideContext, x: Tensor): Tensor;
  /**
   * The name here of a tensor in Hugging Face's files, or why the model does without it (completes "…, which "). Families that
   * lack it have the names of their files. A tensor that holds several matrices has theirs.
   */
  readonly inFiles?: (name: string) => string | { without: string } | StackedNames;
  /**
   * What is different where the files lack parts that only the head reads: they begin anew and are trained with it. Families
   * whose encoders come whole have none.
   */
  readonly lacking?: {
    parts: readonly string[];
    then: Pick<Architecture, 'outside' | 'head' | 'notices'>;
  };
  /** config.json of Hugging Face for this model with weights of this type. */
  huggingFaceConfig(dtype: MergeDtype): Record<string, unknown>;
  /** The same for GGUF; families of which no such file is written lack it. */
  readonly ggufForm?: () => GgufForm;
}

/** What a family knows of a model, before its classes are looked at. */
export type UnlabelledArchitecture = Omit<Architecture, 'labels'>;

/** 'model.layers.3' */
export function layerPath({ layersPath }: Architecture, layer: number): string {
  return `${layersPath}.${layer}`;
}

/** Those of `linears` that one layer has. */
export function linearsOf(
  { linears }: Pick<Architecture, 'linears'>,
  layer: number,
): LinearLayer[] {
  return linears.filter(({ layers }) => layers?.has(layer) ?? true);
}

/** The paths of all linear layers in the model, layer by layer. */
export function linearPaths(architecture: Architecture): string[] {
  const { config, head } = architecture;
  const inLayers = Array.from({ length: config.numHiddenLayers }, (_, layer) =>
    linearsOf(architecture, layer).map(({ path }) => `${layerPath(architecture, layer)}.${path}`),
  ).flat();
  return [...inLayers, ...head.linears.map(({ path }) => path)];
}

/** 'model.layers.3.self_attn.q_proj' → layer 3 and its q_proj; undefined for a path that is no linear layer of the model. */
export function linearAt(
  architecture: Architecture,
  path: string,
): { layer: number; module: LinearLayer } | undefined {
  const { config, layersPath, head } = architecture;
  const ofHead = head.linears.find((linear) => linear.path === path);
  if (ofHead) return { layer: config.numHiddenLayers, module: ofHead };
  if (!path.startsWith(`${layersPath}.`)) return undefined;
  const [, number = '', local = ''] =
    /^(0|[1-9]\d*)\.(.+)$/.exec(path.slice(layersPath.length + 1)) ?? [];
  const layer = Number(number);
  const module = linearsOf(architecture, layer).find((known) => known.path === local);
  return module && layer < config.numHiddenLayers ? { layer, module } : undefined;
}

/** Whether Hugging Face's files hold this weight the other way round: see `LinearLayer.transposed`. */
export function isTransposed(architecture: Architecture, name: string): boolean {
  const path = /^(.*)\.weight$/.exec(name)?.[1];
  return path !== undefined && linearAt(architecture, path)?.module.transposed === true;
}
