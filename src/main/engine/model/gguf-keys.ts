/** Keys of a GGUF file's metadata that its family does not read: which change the answers, which do not, and which nobody knows. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listed } from '../../../shared/errors/listed.ts';
import type { JsonObject } from '../../../shared/is-object.ts';
import { plainNumber } from './gguf-values.ts';
import { shownSetting } from './shown-setting.ts';

/**
 * Keys that change what llama.cpp computes, most of them in any architecture (`llama_model::load_hparams`), each with the values
 * under which they do not.
 */
const neutralValues: Readonly<Record<string, readonly unknown[]>> = {
  'attention.causal': [true],
  'attention.clamp_kqv': [0],
  'attention.max_alibi_bias': [0],
  'attention.scale': [0],
  'attention.temperature_length': [0],
  'attention.temperature_scale': [0],
  attn_logit_softcapping: [0],
  embedding_scale: [0, 1],
  expert_gating_func: [0, 1],
  expert_group_count: [0, 1],
  expert_weights_scale: [0, 1],
  final_logit_softcapping: [0],
  interleave_moe_layer_step: [0, 1],
  leading_dense_block_count: [0],
  logit_scale: [0, 1],
  moe_every_n_layers: [0, 1],
  no_rope_layer_interval: [],
  residual_scale: [0, 1],
  'rope.dimension_sections': [],
  'rope.scaling.attn_factor': [0, 1],
  router_logit_softcapping: [0],
  use_parallel_residual: [false],
};

/** What follows from other keys or from the tensors, is of a kind that has no meaning here, or tells how the file was made. */
const changesNothing: ReadonlySet<string> = new Set([
  ...['attention.layer_norm_epsilon', 'attention.layer_norm_rms_epsilon'],
  ...['attention.key_length', 'attention.value_length', 'attention.head_count_kv'],
  ...['context_length', 'vocab_size', 'tensor_data_layout'],
  ...['rope.dimension_count', 'rope.scaling.original_context_length', 'rope.scaling.finetuned'],
]);

/**
 * @param seen the keys that the family has read
 * @returns a sentence about keys that nobody knows; none where there are none
 * Errors: checkpoint/unsupported-settings for what would change the answers.
 */
export function checkGgufKeys(
  metadata: Readonly<JsonObject>,
  seen: ReadonlySet<string>,
  path: string,
): string[] {
  const prefix = `${String(metadata['general.architecture'])}.`;
  const left = Object.keys(metadata).filter((key) => key.startsWith(prefix) && !seen.has(key));
  const names = left.map((key) => key.slice(prefix.length));
  const valueOf = (name: string) => plainNumber(metadata[prefix + name]);
  const refused = names.filter((name) => neutralValues[name]?.includes(valueOf(name)) === false);
  const settings = refused.map((name) => `${prefix}${name} ${shownSetting(valueOf(name))}`);
  const type = metadata['general.type'] ?? 'model';
  if (type !== 'model') settings.push(`general.type ${shownSetting(type)}`);
  if (settings.length > 0)
    throw lorikeetError('checkpoint/unsupported-settings', { path, settings });
  const unknown = names.filter(
    (name) => !changesNothing.has(name) && !Object.hasOwn(neutralValues, name),
  );
  if (unknown.length === 0) return [];
  return [
    `The model's GGUF file has settings that Lorikeet does not know and does nothing with: ${listed(
      unknown.map((name) => prefix + name),
      8,
    )}.`,
  ];
}
