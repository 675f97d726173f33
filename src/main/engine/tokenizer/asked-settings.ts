/** Settings of tokenizer_config.json that go before what tokenizer.json says. */
import { isObject, type JsonObject } from '../../../shared/is-object.ts';

/** transformers takes these tokenizers from tokenizer.json alone; those of BERT, GPT-2 and their kin are built by their settings. */
const fromFileAlone = /^(?:PreTrainedTokenizer|TokenizersBackend|LlamaTokenizer)(?:Fast)?$/;

/**
 * `tokenizerJson` as the settings of its class ask for it; itself where they ask for nothing else. As in transformers 5.24
 * (`BertTokenizer`, `GPT2Tokenizer` and others), for values that are named.
 */
export function withAskedSettings(tokenizerJson: JsonObject, config: JsonObject): JsonObject {
  if (fromFileAlone.test(String(config['tokenizer_class']))) return tokenizerJson;
  return ['normalizer', 'pre_tokenizer'].reduce((json, key) => {
    const part = withAsked(json[key], config);
    return part === json[key] ? json : { ...json, [key]: part };
  }, tokenizerJson);
}

function withAsked(part: unknown, config: JsonObject): unknown {
  if (!isObject(part)) return part;
  const inner = ['normalizers', 'pretokenizers'].find((key) => Array.isArray(part[key]));
  if (inner !== undefined) {
    const own = [part[inner]].flat();
    const asked = own.map((each) => withAsked(each, config));
    return asked.every((each, i) => each === own[i]) ? part : { ...part, [inner]: asked };
  }
  const asked = askedOf(part['type'], config);
  const isAsked = Object.entries(asked).every(([key, value]) => (part[key] ?? null) === value);
  return isAsked ? part : { ...part, ...asked };
}

function askedOf(type: unknown, config: JsonObject): JsonObject {
  const flag = (key: string, name: string) =>
    typeof config[name] === 'boolean' ? { [key]: config[name] } : {};
  switch (type) {
    case 'BertNormalizer':
      return {
        ...flag('lowercase', 'do_lower_case'),
        // Where it is not named, accents go by the letters' case.
        ...(typeof config['do_lower_case'] === 'boolean' && { strip_accents: null }),
        ...flag('strip_accents', 'strip_accents'),
        ...flag('handle_chinese_chars', 'tokenize_chinese_chars'),
      };
    case 'ByteLevel':
      return flag('add_prefix_space', 'add_prefix_space');
    default:
      return {};
  }
}
