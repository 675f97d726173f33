/** Which options of PEFT's `LoraConfig` change what an adapter computes, and which of those are honoured here. */
import { shownJson } from '../../../shared/shown-json.ts';

type Json = Record<string, unknown>;

/** Read and honoured: r, alpha and their patterns, dropout, rsLoRA, DoRA. */
const honoured = ['peft_type', 'r', 'lora_alpha', 'lora_dropout', 'use_rslora', 'use_dora'];
/** Honoured, too; a value that is set is checked where it is read. */
const patterns = ['rank_pattern', 'alpha_pattern'];
/** Honoured, too (peft-selection.ts): which modules are adapted. */
const selection = [
  ...['target_modules', 'target_parameters', 'exclude_modules'],
  ...['layers_to_transform', 'layers_pattern'],
];
/** Say where an adapter came from or how it was trained, nothing about what it computes. */
const remarks = [
  'auto_mapping',
  'base_model_name_or_path',
  'corda_config',
  'ensure_weight_tying',
  'eva_config',
  // Says how the base holds its weights, which the base knows itself: PEFT corrects it where it is wrong.
  'fan_in_fan_out',
  'inference_mode',
  'loftq_config',
  'lora_ga_config',
  'megatron_core',
  'peft_version',
  'qalora_group_size',
  'revision',
  'runtime_config',
  'velora_config',
];
/** PEFT's `TaskType`. The first three are computed here: of a bare model, too, whose adapters fit the whole one. */
export const peftTasks = [
  ...(['CAUSAL_LM', 'SEQ_CLS', 'FEATURE_EXTRACTION'] as const),
  ...(['SEQ_2_SEQ_LM', 'TOKEN_CLS', 'QUESTION_ANS'] as const),
] as const;
const otherTasks: readonly unknown[] = peftTasks.slice(3);

const known = new Set([...honoured, ...patterns, ...selection, ...remarks]);

/** Initialisations that leave the base model as it is. Others replace it, and the adapter fits only the replaced one. */
const harmlessInit: readonly unknown[] = [
  true,
  false,
  null,
  'gaussian',
  'eva',
  'orthogonal',
  'mica',
];

/**
 * Options in an adapter_config.json that are in use and not honoured, as PEFT names them: 'use_dora true'.
 * An option that is not known here counts as in use when it has a value other than null, false or empty.
 */
export function unsupportedOptions(config: Json): string[] {
  const found: string[] = [];
  if (config['peft_type'] !== 'LORA') found.push(`peft_type ${shown(config['peft_type'])}`);
  for (const [key, value] of Object.entries(config)) {
    if (!isHarmless(key, value)) found.push(`${key} ${shown(value)}`);
  }
  return found;
}

function isHarmless(key: string, value: unknown): boolean {
  if (known.has(key) || isUnset(value)) return true;
  if (key === 'bias') return value === 'none';
  if (key === 'task_type') return !otherTasks.includes(value);
  const name = typeof value === 'string' ? value.toLowerCase() : value;
  return key === 'init_lora_weights' && harmlessInit.includes(name);
}

function isUnset(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : shownJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
