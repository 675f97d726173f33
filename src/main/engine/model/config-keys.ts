/** Keys of a config.json: which would change the answers, which change nothing, and which nobody here knows. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listed } from '../../../shared/errors/listed.ts';
import type { JsonObject } from './family.ts';
import { ropeKeys, tellSecondTheta } from './rope-scaling.ts';
import { shownSetting } from './shown-setting.ts';
import { windowKeys } from './windows.ts';

/**
 * Keys of other families, or of later versions of these, that change what is computed, each with the values beside null under
 * which it does not. Transformers passes over most of them in these families, but a file has them for a reason.
 */
const neutralValues: Readonly<Record<string, readonly unknown[]>> = {
  add_cross_attention: [false],
  alibi: [false],
  attention_chunk_size: [],
  attention_multiplier: [],
  attn_logit_softcapping: [],
  attn_temperature_tuning: [false],
  clip_qkv: [],
  embedding_multiplier: [1],
  final_logit_softcapping: [],
  is_causal: [true],
  is_encoder_decoder: [false],
  logit_scale: [1],
  logits_scaling: [1],
  no_rope_layer_interval: [],
  no_rope_layers: [],
  num_experts: [0],
  num_local_experts: [0],
  parallel_attn: [false],
  qk_layernorm: [false],
  qkv_bias: [true],
  quantization_config: [],
  query_pre_attn_scalar: [],
  residual_multiplier: [1],
  rope_interleaved: [false],
  rotary_pct: [1],
  scale_depth: [],
  scale_emb: [1],
  sliding_window_pattern: [],
  use_bidirectional_attention: [false],
  use_qk_norm: [false],
};

/** A table of overrides by layer or of heads that are cut off: empty in most files. */
const emptyTables = ['per_layer_config', 'pruned_heads'];

/** The keys of training the base that LoRA's training would feel: transformers drops at random while it trains. */
const dropouts = [
  ...['attention_dropout', 'attn_pdrop', 'embd_pdrop', 'hidden_dropout', 'resid_pdrop'],
  ...['attention_probs_dropout_prob', 'hidden_dropout_prob', 'dropout', 'seq_classif_dropout'],
];

const changesNothing = {
  /** How the base was made and trained. */
  training: [
    'initializer_range',
    'output_router_logits',
    'router_aux_loss_coef',
    'sinusoidal_pos_embds',
    'tie_weights_',
  ],
  /** How to compute the same. */
  execution: [
    'attn_implementation',
    '_attn_implementation',
    '_attn_implementation_autoset',
    '_flash_attn_2_enabled',
    'chunk_size_feed_forward',
    'gradient_checkpointing',
    'pretraining_tp',
    'reorder_and_upcast_attn',
    'torchscript',
    'use_bfloat16',
    'use_cache',
  ],
  /** Who wrote the file, with what and for whom; the weights say their types themselves. */
  bookkeeping: [
    '_commit_hash',
    '_name_or_path',
    'architectures',
    'auto_map',
    'custom_pipelines',
    'dtype',
    'finetuning_task',
    'is_decoder',
    'is_llama_config',
    'model_type',
    'name_or_path',
    'task_specific_params',
    'tokenizer_class',
    'torch_dtype',
    'transformers.js_config',
    'transformers_version',
    'unsloth_fixed',
    'unsloth_version',
  ],
  /** What a forward pass gives beside logits, and labels of heads that these models do not have. */
  otherOutputs: [
    'classifier_dropout',
    'id2label',
    'label2id',
    'num_labels',
    'output_attentions',
    'output_hidden_states',
    'problem_type',
    'qa_dropout',
    'return_dict',
    'summary_activation',
    'summary_first_dropout',
    'summary_proj_to_labels',
    'summary_type',
    'summary_use_proj',
    'tie_last_hidden_states',
  ],
  /** Defaults of generation, which a request names itself, and ids that the tokenizer has. */
  generation: [
    'decoder_start_token_id',
    'do_sample',
    'forced_bos_token_id',
    'forced_eos_token_id',
    'max_length',
    'max_new_tokens',
    'min_length',
    'num_beams',
    'pad_token_id',
    'prefix',
    'repetition_penalty',
    'sep_token_id',
    'temperature',
    'top_k',
    'top_p',
    'unk_token_id',
  ],
};

/** Name the function of the feed-forward block. */
export const activationKeys = ['hidden_act', 'hidden_activation'];

/** Read with the rotary positions, by families that turn a part of each head; the others refuse it there. */
const rotaryShare = 'partial_rotary_factor';

/** What a family makes of its config.json. */
export type KeyRules = {
  /** Read by the family, whatever their values, beside rotary positions and windows. */
  read: readonly string[];
  /** Flags that have to be false: true would compute something else. */
  refusedFlags: readonly string[];
  /** Values beside null under which a key of this family changes nothing. */
  neutral: Readonly<Record<string, readonly unknown[]>>;
};

/** Settings that change what the model computes and that would not be honoured, in words. */
export function refusedSettings(
  json: JsonObject,
  { read, refusedFlags, neutral: own }: KeyRules,
): string[] {
  const neutral: Readonly<Record<string, readonly unknown[]>> = {
    ...neutralValues,
    ...Object.fromEntries(refusedFlags.map((key) => [key, [false]])),
    ...own,
  };
  const changesResult = (key: string): boolean =>
    !read.includes(key) && !isNone(json[key]) && neutral[key]?.includes(json[key]) !== true;
  const refused = [
    ...Object.keys(neutral).filter(changesResult),
    ...emptyTables.filter((key) => !isEmptyTable(json[key])),
  ];
  return refused.map((key) => `${key} ${shownSetting(json[key])}`);
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

function isEmptyTable(value: unknown): boolean {
  return isNone(value) || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

/**
 * That nothing is asked for which would not be honoured.
 * @param refused what the family has found beside that, in words
 * Errors: checkpoint/unsupported-settings.
 */
export function checkSettings(
  json: JsonObject,
  rules: KeyRules,
  refused: readonly string[],
  path: string,
): void {
  const settings = [...refusedSettings(json, rules), ...refused];
  if (settings.length === 0) return;
  throw lorikeetError('checkpoint/unsupported-settings', { path, settings });
}

/** What a config.json says of dropout. It changes nothing that is computed here, and is the same in a model made from this one. */
export function dropoutsIn(json: JsonObject): JsonObject {
  return Object.fromEntries(
    dropouts.filter((key) => !isNone(json[key])).map((key) => [key, json[key]]),
  );
}

/** Classes of transformers that compute something else with the same layers. */
const otherClass =
  /Bidirectional|For(?:TokenClassification|QuestionAnswering|MultipleChoice|RewardModel)/;

function tellOtherClass({ architectures }: JsonObject): string[] {
  const named: unknown = Array.isArray(architectures) ? architectures[0] : null;
  if (typeof named !== 'string' || !otherClass.test(named)) return [];
  return [
    `The model's config.json says that it is a ${named}, which is not computed here: its layers are used as those of the usual models of its kind.`,
  ];
}

/** What a person should know of the keys that nothing is done with. */
export function keyNotices(json: JsonObject, rules: KeyRules): string[] {
  const known = new Set([
    ...rules.read,
    ...rules.refusedFlags,
    ...Object.keys(rules.neutral),
    ...ropeKeys,
    ...windowKeys,
    ...Object.keys(neutralValues),
    ...activationKeys,
    rotaryShare,
    ...emptyTables,
    ...Object.values(changesNothing).flat(),
    ...dropouts,
  ]);
  const unknown = Object.keys(json).filter((key) => !known.has(key) && !isNone(json[key]));
  const notices = [...tellSecondTheta(json), ...tellOtherClass(json)];
  if (unknown.length > 0) {
    notices.push(
      `The model's config.json has settings that Lorikeet does not know and does nothing with: ${listed(unknown, 8)}.`,
    );
  }
  const dropped = dropouts
    .filter((key) => !isNone(json[key]) && json[key] !== 0)
    .map((key) => `${key} ${shownSetting(json[key])}`);
  if (dropped.length > 0) {
    const are = dropped.length === 1 ? 'is' : 'are';
    notices.push(
      `The model's ${listed(dropped)} ${are} not applied: only the adapter's own dropout is.`,
    );
  }
  return notices;
}
