/** A WordPiece vocabulary of a GGUF file (`bert`). */
import { frameTokens, namedToken, vocabOf, type Core } from './gguf-core.ts';
import type { GgufVocabulary } from './gguf-metadata.ts';
import { bertFrame } from './post-processors.ts';

const casedNotice =
  'The vocabulary has capital letters, so texts keep theirs; the GGUF file does not say whether that is right.';

/** Errors: tokenizer/damaged where it names no tokens to begin and end a text with. */
export function wordPieceCore(vocabulary: GgufVocabulary, path: string): Core {
  const { tokens, ids } = vocabulary;
  const cased = tokens.some((token) => !isName(token) && token.toLowerCase() !== token);
  return {
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: !cased,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: namedToken(vocabulary, ids.unknown)?.[0] ?? '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: vocabOf(vocabulary, ownText),
    },
    post_processor: bertFrame(frameTokens(vocabulary, path)),
    addBos: null,
    takesSpace: null,
    notices: cased ? [casedNotice] : [],
  };
}

/** llama.cpp marks the beginnings of words in place of what goes on: `##x` is kept as `x`, and `x` as `▁x`. */
function ownText(token: string): string {
  if (isName(token)) return token;
  return token.startsWith('▁') ? token.slice(1) : `##${token}`;
}

/** Whether it is a token like [CLS], which is kept as it is. */
function isName(token: string): boolean {
  return token.startsWith('[') && token.endsWith(']');
}
