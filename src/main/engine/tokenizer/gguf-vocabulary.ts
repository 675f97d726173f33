/** Turns the vocabulary inside a GGUF file into the tokenizer files of a Hugging Face directory. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { TokenizerFiles } from './files.ts';
import { readGgufVocabulary, tokenType, type GgufVocabulary } from './gguf-metadata.ts';
import { chooseTemplate } from './named-templates.ts';
import { preTokenizerNames, preTokenizerRule } from './pre-tokenizers.ts';
import { mergesFromScores } from './sentencepiece-merges.ts';

type Json = Record<string, unknown>;
/** What the two kinds of vocabulary fill in differently. */
type Core = Pick<Json, 'normalizer' | 'pre_tokenizer' | 'decoder' | 'model'> & {
  addBos: boolean;
  notices: string[];
};

/**
 * The tokenizer of a GGUF file: byte-level BPE (`gpt2`) with a known split rule, or SentencePiece BPE (`llama`).
 * @param metadata key-values as @huggingface/gguf gives them
 * @throws tokenizer/not-supported for other kinds, by name; tokenizer/damaged for missing or misshapen keys
 */
export function tokenizerFromGguf(metadata: Record<string, unknown>, path: string): TokenizerFiles {
  const vocabulary = readGgufVocabulary(metadata, path);
  const core = coreOf(vocabulary, path);
  const { addBos, notices, ...parts } = core;
  const chosen = chooseTemplate(vocabulary.chatTemplates, path);
  const text = (id: number | null): string | null =>
    id === null ? null : (vocabulary.tokens[id] ?? null);
  const named: Json = {};
  for (const [key, id] of Object.entries({
    bos_token: vocabulary.bos,
    eos_token: vocabulary.eos,
    unk_token: vocabulary.unknown,
    pad_token: vocabulary.padding,
  })) {
    if (id !== null) named[key] = text(id);
  }
  const stops = [vocabulary.eos, vocabulary.eot].filter((id) => id !== null);
  return {
    tokenizerFile: null,
    tokenizerJson: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(vocabulary),
      ...parts,
      post_processor: addBos ? startWith(vocabulary.bos, text(vocabulary.bos)) : null,
    },
    tokenizerConfig: {
      // transformers 5 rebuilds the split rule of the classes it knows by name; this one takes tokenizer.json as it is.
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      add_bos_token: addBos,
      ...named,
      ...contextLength(metadata),
    },
    chatTemplate: chosen.template,
    notices: [...notices, ...chosen.notices],
    generationConfig: {
      ...(vocabulary.bos === null ? {} : { bos_token_id: vocabulary.bos }),
      ...(stops.length === 0 ? {} : { eos_token_id: stops.length === 1 ? stops[0] : stops }),
      ...(vocabulary.padding === null ? {} : { pad_token_id: vocabulary.padding }),
    },
  };
}

const unnamedRule =
  "The GGUF file does not name its tokenizer's split rule (tokenizer.ggml.pre). llama.cpp's default rule is used, which is a guess: where it is another one, texts become other tokens than the model was taught on. A newer conversion of the model names it.";

function coreOf(vocabulary: GgufVocabulary, path: string): Core {
  switch (vocabulary.model) {
    case 'gpt2':
      return byteLevelCore(vocabulary, path);
    case 'llama':
      return sentencePieceCore(vocabulary, path);
    default: {
      const reason = `its kind is "${vocabulary.model}", and only "gpt2" and "llama" vocabularies can be read from GGUF`;
      throw lorikeetError('tokenizer/not-supported', { path, reason });
    }
  }
}

function byteLevelCore(vocabulary: GgufVocabulary, path: string): Core {
  const name = vocabulary.pre ?? 'default';
  const rule = preTokenizerRule(name);
  if (rule === null) {
    const reason = `its split rule is "${name}", and only ${preTokenizerNames.join(', ')} are known`;
    throw lorikeetError('tokenizer/not-supported', { path, reason });
  }
  if (vocabulary.merges === null) {
    throw lorikeetError('tokenizer/damaged', { path, reason: 'tokenizer.ggml.merges is missing' });
  }
  return {
    normalizer: rule.normalizer,
    pre_tokenizer: rule.preTokenizer,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: bpeModel(vocabulary, vocabulary.merges.map(splitMerge), {
      unk_token: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: rule.ignoreMerges,
    }),
    addBos: vocabulary.addBos ?? rule.addBos,
    notices: vocabulary.pre === null ? [unnamedRule] : [],
  };
}

function sentencePieceCore(vocabulary: GgufVocabulary, path: string): Core {
  if (vocabulary.scores === null) {
    throw lorikeetError('tokenizer/damaged', { path, reason: 'tokenizer.ggml.scores is missing' });
  }
  // Only ordinary pieces are built by merging; "<0x0A>" is a byte, not five characters.
  const mergeable = vocabulary.tokens.map((token, id) =>
    vocabulary.types[id] === tokenType.normal ? token : '',
  );
  const replaceSpaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const normalizers = [
    ...(vocabulary.addSpacePrefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
    replaceSpaces,
  ];
  return {
    normalizer: { type: 'Sequence', normalizers },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(vocabulary.addSpacePrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: bpeModel(vocabulary, mergesFromScores(mergeable, vocabulary.scores), {
      unk_token: vocabulary.unknown === null ? null : vocabulary.tokens[vocabulary.unknown],
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
    }),
    addBos: vocabulary.addBos ?? true,
    notices: [],
  };
}

function bpeModel(vocabulary: GgufVocabulary, merges: [string, string][], options: Json): Json {
  // Unused ids only pad the embedding to a round size; as tokens they could be typed by a user.
  // Object.fromEntries, because a vocabulary may hold "__proto__" as an ordinary word.
  const vocab = Object.fromEntries(
    vocabulary.tokens
      .map((token, id): [string, number] => [token, id])
      .filter(([, id]) => vocabulary.types[id] !== tokenType.unused),
  );
  return {
    type: 'BPE',
    dropout: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    ...options,
    vocab,
    // The Rust library refuses a merge whose result is not a token.
    merges: merges.filter(([left, right]) => Object.hasOwn(vocab, left + right)),
  };
}

function splitMerge(merge: string): [string, string] {
  // A part may be a space of its own in no byte-level vocabulary, but may start with one in theory: look from 1.
  const space = merge.indexOf(' ', 1);
  return [merge.slice(0, space), merge.slice(space + 1)];
}

function addedTokens(vocabulary: GgufVocabulary): Json[] {
  return vocabulary.tokens.flatMap((content, id) => {
    const type = vocabulary.types[id];
    const special = type === tokenType.control || type === tokenType.unknown;
    if (!special && type !== tokenType.userDefined) return [];
    return [
      { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special },
    ];
  });
}

/** A post-processor that puts the bos token before the text. */
function startWith(id: number | null, token: string | null): Json | null {
  if (id === null || token === null) return null;
  const bos = { SpecialToken: { id: token, type_id: 0 } };
  return {
    type: 'TemplateProcessing',
    single: [bos, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [bos, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}

function contextLength(metadata: Record<string, unknown>): Json {
  const length = metadata[`${String(metadata['general.architecture'])}.context_length`];
  return typeof length === 'number' ? { model_max_length: length } : {};
}
