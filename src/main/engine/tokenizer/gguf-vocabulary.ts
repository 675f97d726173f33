/** Turns the vocabulary inside a GGUF file into the tokenizer files of a Hugging Face directory. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { JsonObject } from '../../../shared/is-object.ts';
import type { TokenizerFiles } from './files.ts';
import { byteLevelCore } from './gguf-byte-level.ts';
import { namedToken, type Core } from './gguf-core.ts';
import { readGgufVocabulary, tokenType, type GgufVocabulary } from './gguf-metadata.ts';
import { sentencePieceCore, unigramCore } from './gguf-sentencepiece.ts';
import { wordPieceCore } from './gguf-word-piece.ts';
import { chooseTemplate } from './named-templates.ts';

/** By `tokenizer.ggml.model`. */
const kinds: ReadonlyMap<string, (vocabulary: GgufVocabulary, path: string) => Core> = new Map([
  ['gpt2', byteLevelCore],
  ['llama', sentencePieceCore],
  ['t5', unigramCore],
  ['bert', wordPieceCore],
]);

/**
 * The tokenizer of a GGUF file.
 * @param metadata key-values as @huggingface/gguf gives them
 * @throws tokenizer/not-supported for kinds and split rules that are not known, by name; tokenizer/damaged for missing or misshapen keys
 */
export function tokenizerFromGguf(metadata: Record<string, unknown>, path: string): TokenizerFiles {
  const vocabulary = readGgufVocabulary(metadata, path);
  const coreOf = kinds.get(vocabulary.model);
  if (coreOf === undefined) {
    const known = [...kinds.keys()].map((kind) => `"${kind}"`).join(', ');
    const reason = `its kind is "${vocabulary.model}", and only ${known} vocabularies can be read from GGUF`;
    throw lorikeetError('tokenizer/not-supported', { path, reason });
  }
  const { addBos, takesSpace, notices, ...parts } = coreOf(vocabulary, path);
  const chosen = chooseTemplate(vocabulary.chatTemplates, path);
  const { bos, eos, eot, eom, padding } = vocabulary.ids;
  const stops = [eos, eot, eom].filter((id) => id !== null);
  return {
    tokenizerFile: null,
    tokenizerJson: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(vocabulary, takesSpace),
      ...parts,
    },
    tokenizerConfig: {
      // transformers 5 rebuilds the split rule of the classes it knows by name; this one takes tokenizer.json as it is.
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      ...(addBos !== null && { add_bos_token: addBos }),
      ...namedTokens(vocabulary),
      ...contextLength(metadata),
    },
    chatTemplate: chosen.template,
    chatTemplatePath: chosen.path,
    notices: [...notices, ...chosen.notices],
    generationConfig: {
      ...(bos === null ? {} : { bos_token_id: bos }),
      ...(stops.length === 0 ? {} : { eos_token_id: stops.length === 1 ? stops[0] : stops }),
      ...(padding === null ? {} : { pad_token_id: padding }),
    },
  };
}

/** The keys of tokenizer_config.json that name a token. */
function namedTokens(vocabulary: GgufVocabulary): JsonObject {
  const { ids } = vocabulary;
  const named = Object.entries({
    bos_token: ids.bos,
    eos_token: ids.eos,
    unk_token: ids.unknown,
    pad_token: ids.padding,
    sep_token: ids.separator,
    cls_token: ids.classifier,
    mask_token: ids.mask,
  });
  return Object.fromEntries(
    named.flatMap(([key, id]) => {
      const token = namedToken(vocabulary, id);
      return token === null ? [] : [[key, token[0]]];
    }),
  );
}

function addedTokens({ tokens, types }: GgufVocabulary, takesSpace: number | null): JsonObject[] {
  return tokens.flatMap((content, id) => {
    const type = types[id];
    const special = type === tokenType.control || type === tokenType.unknown;
    if (!special && type !== tokenType.userDefined) return [];
    const lstrip = id === takesSpace;
    return [{ id, content, single_word: false, lstrip, rstrip: false, normalized: false, special }];
  });
}

function contextLength(metadata: JsonObject): JsonObject {
  const length = metadata[`${String(metadata['general.architecture'])}.context_length`];
  return typeof length === 'number' ? { model_max_length: length } : {};
}
