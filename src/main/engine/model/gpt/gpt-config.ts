/** What the config.json of any GPT has to say, once its family's own keys have been read. */
import type { MergeDtype } from '../../../../shared/contract/records.ts';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { activationNames, type Activation } from '../activations.ts';
import { refusedSettings, type KeyRules } from '../config-keys.ts';
import type { JsonObject } from '../family.ts';
import { shownSetting } from '../shown-setting.ts';
import type { GptConfig } from './traits.ts';

/** Width of a head. Errors: checkpoint/bad-config. */
export function headDimOf(hidden: number, heads: number, path: string): number {
  if (hidden % heads === 0) return hidden / heads;
  const problems = [`a hidden size of ${hidden} is not a multiple of ${heads} heads`];
  throw lorikeetError('checkpoint/bad-config', { path, problems });
}

const known: readonly Activation[] = ['gelu', 'gelu tanh', 'relu', 'silu'];

/** The function that config.json names under `key`; undefined for one that is not computed. */
export function activationOf(name: string): Activation | undefined {
  return known.find((each) => activationNames[each].includes(name));
}

/** Errors: checkpoint/unsupported-settings, naming all that would not be honoured. */
export function checkSettings(
  json: JsonObject,
  rules: KeyRules,
  refused: readonly string[],
  path: string,
): void {
  const settings = [...refusedSettings(json, rules), ...refused];
  if (settings.length > 0)
    throw lorikeetError('checkpoint/unsupported-settings', { path, settings });
}

export function refusedActivation(key: string, name: string): string[] {
  return activationOf(name) === undefined ? [`${key} ${shownSetting(name)}`] : [];
}

/** Keys that all of these families write, beside their own, in the order of the alphabet. */
export function writtenKeys(config: GptConfig, own: JsonObject, dtype: MergeDtype): JsonObject {
  const { bosTokenId, eosTokenIds, vocabSize, tieWordEmbeddings, modelType } = config;
  const [first] = eosTokenIds;
  const all: JsonObject = {
    bos_token_id: bosTokenId,
    eos_token_id: eosTokenIds.length > 1 ? eosTokenIds : (first ?? null),
    initializer_range: 0.02,
    model_type: modelType,
    tie_word_embeddings: tieWordEmbeddings,
    torch_dtype: dtype,
    use_cache: true,
    vocab_size: vocabSize,
    ...own,
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
