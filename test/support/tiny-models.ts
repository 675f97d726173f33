/** The tiny models of test/oracle that every parity test runs over: a further family is a line here. */

export type TinyModel = {
  /** Of test/fixtures/models, with logits and a greedy answer in expected/. */
  model: string;
  /** Of test/fixtures/adapters: on all linear layers. */
  adapter: string;
  /** Of test/fixtures/expected: what `adapter` gives for two packed blocks. */
  gradients: string;
  /** Of test/fixtures/expected/losses: fifty steps from `adapter`. */
  curve: string;
};

/** Families beside LLaMA have fixtures by the name of their model. */
const byName = (model: string): TinyModel => ({
  model,
  adapter: model,
  gradients: `gradients-${model}`,
  curve: model,
});

/**
 * Trained under every policy. LLaMA: tied output with grouped key heads, and untied. Qwen2: biases, and a window in the second
 * layer only. Qwen3: q/k norms, and heads that are wider than the hidden size. Mistral: a window in every layer.
 */
export const tinyModels: readonly TinyModel[] = [
  { model: 'tiny-tied', adapter: 'all-linear', gradients: 'gradients', curve: 'cosine' },
  { model: 'tiny-untied', adapter: 'untied', gradients: 'gradients-untied', curve: 'untied' },
  byName('tiny-qwen2-window'),
  byName('tiny-qwen3'),
  byName('tiny-mistral'),
];

/**
 * Trained in a few ways only: what they have beside `tinyModels` does not depend on where XLA compiles or what is kept, but for
 * the caps of Gemma 2, of which test/main/engine/model/attention.test.ts tries every way.
 */
export const variantModels: readonly TinyModel[] = [
  // Tied output, no window.
  byName('tiny-qwen2'),
  // Without a window it computes as LLaMA does.
  byName('tiny-mistral-full'),
  // Norms of what a block gives, weights around 0, GELU, capped scores and logits, a window in every other layer.
  byName('tiny-gemma2'),
  // Two rotations, and norms of heads.
  byName('tiny-gemma3'),
  // Fused matrices.
  byName('tiny-phi3'),
  // A part of each head turned, with factors of their own for short and long texts.
  byName('tiny-phi3-longrope'),
  // LayerNorm, learned positions, biases everywhere, matrices that the files hold as [in, out].
  byName('tiny-gpt2'),
  // Blocks side by side, q, k and v head by head.
  byName('tiny-gpt-neox'),
  // A layer without experts between two with them, an expert that all tokens go to, biases, a window in the first layer.
  byName('tiny-qwen2-moe'),
  // Experts whose weights are normed.
  byName('tiny-qwen3-moe'),
  byName('tiny-mixtral'),
  // Norms over all heads, and a range that q, k and v are cut to.
  byName('tiny-olmoe'),
];

/** Quantised by bitsandbytes: its tables and scales, the output too (untied), and matrices that plain files hold as [in, out]. */
const bitsandbytesModels: readonly string[] = [
  ...['tiny-tied-nf4', 'tiny-tied-nf4-double', 'tiny-tied-fp4', 'tiny-tied-int8'],
  ...['tiny-untied-nf4', 'tiny-gpt2-nf4', 'tiny-gpt2-int8'],
];

/** Read only: settings of a family that another of its models does not have. */
export const readModels: readonly string[] = [
  'tiny-llama3-rope',
  'tiny-untied-bf16-sharded',
  // What a GGUF file of Gemma can say: it does not hold the scale of queries.
  'tiny-gemma2-plain',
  'tiny-gemma3-linear',
  'tiny-gpt-neox-sequential',
  // What a GGUF file can say: it knows no layers without experts, and no range.
  ...['tiny-qwen2-moe-sparse', 'tiny-olmoe-plain'],
  'tiny-qwen3-moe-step',
  ...bitsandbytesModels,
];

/** Adapters with DoRA, with gradients and fifty losses of the same name. */
export const doraAdapters: readonly string[] = ['dora', 'qwen3-dora'];

/** Those of `variantModels` with experts. */
export const mixtures: readonly string[] = [
  ...['tiny-qwen2-moe', 'tiny-qwen3-moe', 'tiny-mixtral', 'tiny-olmoe'],
];

/**
 * Adapters on routed experts of these models: as PEFT writes them, on the matrices of all experts at once, with one A for gate and
 * up or ('own') with two, and with an A and B for each expert ('apart').
 */
export const expertAdapters: readonly string[] = mixtures.flatMap((model) =>
  ['experts', 'experts-apart', 'experts-own', 'experts-own-apart'].map(
    (kind) => `${model}-${kind}`,
  ),
);

/** Models with a float32 GGUF file beside their folder, test/fixtures/gguf/NAME.gguf: it must give the same logits. */
export const ggufModels: readonly string[] = [
  ...['tiny-qwen2', 'tiny-qwen3', 'tiny-mistral-full', 'tiny-gemma2-plain', 'tiny-gemma3-linear'],
  ...['tiny-phi3', 'tiny-phi3-longrope', 'tiny-gpt2', 'tiny-gpt-neox'],
  ...['tiny-qwen2-moe-sparse', 'tiny-qwen3-moe', 'tiny-mixtral', 'tiny-olmoe-plain'],
];
