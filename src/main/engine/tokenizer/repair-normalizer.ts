/** Writes the normalizer of tokenizer.json in terms that @huggingface/tokenizers 0.2.0 reads as the Rust library does. */
import { isObject, type JsonObject } from '../../../shared/is-object.ts';
import { dropped, ideographs, marks } from './rust-unicode.ts';

/** @throws an Error that names a kind that the library reads otherwise */
export function repairNormalizer(normalizer: unknown): unknown {
  if (!isObject(normalizer)) return normalizer;
  switch (normalizer['type']) {
    case 'Sequence': {
      const inner = normalizer['normalizers'];
      return sequence(Array.isArray(inner) ? inner.map(repairNormalizer) : []);
    }
    case 'BertNormalizer':
      return sequence(bertSteps(normalizer));
    case 'Lowercase':
      return sequence(lowercase);
    case 'Strip':
      return sequence([
        ...(normalizer['strip_left'] === true ? [replace('\\A\\s+', '')] : []),
        ...(normalizer['strip_right'] === true ? [replace('\\s+\\z', '')] : []),
      ]);
    case 'Prepend':
      // What is empty stays empty.
      return replace('[\\s\\S]+', `${literal(normalizer['prepend'])}$&`);
    case 'Replace':
      return { ...normalizer, content: literal(normalizer['content']) };
    case 'StripAccents':
      throw new Error('its normalizer is of the kind "StripAccents", which is not read exactly');
    default:
      return normalizer;
  }
}

function sequence(normalizers: readonly unknown[]): JsonObject {
  return { type: 'Sequence', normalizers };
}

/** In `content`, `$&` stands for what was matched. */
function replace(regex: string, content: string): JsonObject {
  return { type: 'Replace', pattern: { Regex: regex }, content };
}

/** A text that is put in as it is. */
function literal(content: unknown): string {
  return typeof content === 'string' ? content.replaceAll('$', '$$$$') : '';
}

/** Rust lowers each character for itself, and knows no sigma at the end of a word. */
const lowercase = [replace('Σ', 'σ'), { type: 'Lowercase' }];

/** The steps of BERT's normalizer, in the Rust library's order. */
function bertSteps(options: JsonObject): JsonObject[] {
  const {
    clean_text: clean = true,
    handle_chinese_chars: spaced = true,
    lowercase: lower = true,
    strip_accents: strip,
  } = options;
  return [
    ...(clean === true ? [replace(dropped, ''), replace('\\s', ' ')] : []),
    ...(spaced === true ? [replace(ideographs, ' $& ')] : []),
    ...((strip ?? lower) === true ? [{ type: 'NFD' }, replace(marks, '')] : []),
    ...(lower === true ? lowercase : []),
  ];
}
