/** A SentencePiece vocabulary of a GGUF file: BPE (`llama`), or Unigram (`t5`, which XLM-RoBERTa's files have, too). */
import { bpeModel, frameTokens, namedToken, scoresOf, type Core } from './gguf-core.ts';
import { tokenType, type GgufVocabulary } from './gguf-metadata.ts';
import { robertaFrame, startWith } from './post-processors.ts';
import { mergesFromScores } from './sentencepiece-merges.ts';

/** @throws tokenizer/damaged without scores */
export function sentencePieceCore(vocabulary: GgufVocabulary, path: string): Core {
  const scores = scoresOf(vocabulary, path);
  const { tokens, types, ids, addSpacePrefix } = vocabulary;
  // Only ordinary pieces are built by merging; "<0x0A>" is a byte, not five characters.
  const mergeable = tokens.map((token, id) => (types[id] === tokenType.normal ? token : ''));
  const addBos = vocabulary.addBos ?? true;
  const start = addBos ? namedToken(vocabulary, ids.bos) : null;
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(addSpacePrefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(addSpacePrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: bpeModel(vocabulary, mergesFromScores(mergeable, scores), {
      unk_token: namedToken(vocabulary, ids.unknown)?.[0] ?? null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
    }),
    post_processor: start && startWith(start),
    addBos,
    takesSpace: null,
    notices: [],
  };
}

/** The parts are those of XLM-RoBERTa's tokenizer.json. Errors: tokenizer/damaged without scores or the tokens around texts. */
export function unigramCore(vocabulary: GgufVocabulary, path: string): Core {
  const scores = scoresOf(vocabulary, path);
  const { tokens, types, ids, charsmap, addSpacePrefix } = vocabulary;
  const scheme = { replacement: '▁', prepend_scheme: addSpacePrefix ? 'always' : 'never' };
  const metaspace = { type: 'Metaspace', ...scheme, split: true };
  return {
    normalizer: charsmap && {
      type: 'Precompiled',
      precompiled_charsmap: Buffer.from(charsmap).toString('base64'),
    },
    pre_tokenizer: vocabulary.removeExtraSpaces
      ? { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] }
      : metaspace,
    decoder: metaspace,
    model: {
      type: 'Unigram',
      unk_id: ids.unknown ?? types.indexOf(tokenType.unknown),
      // What is not a piece counts 0: less than the worst piece would make unknown characters less likely still.
      vocab: tokens
        .slice(0, types.findLastIndex((type) => type !== tokenType.unused) + 1)
        .map((token, id) => [token, types[id] === tokenType.normal ? (scores[id] ?? 0) : 0]),
      byte_fallback: false,
    },
    post_processor: robertaFrame(frameTokens(vocabulary, path)),
    addBos: null,
    takesSpace: ids.mask,
    notices: [],
  };
}
