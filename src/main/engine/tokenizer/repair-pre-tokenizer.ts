/** Writes the pre-tokenizer of tokenizer.json in terms that @huggingface/tokenizers 0.2.0 reads as the Rust library does. */
import { isObject, type JsonObject } from '../../../shared/is-object.ts';
import { gpt2Split } from './pre-tokenizers.ts';
import { repairSplit } from './repair-split.ts';
import { punctuation, wordCharacters } from './rust-unicode.ts';

/**
 * An equal pre-tokenizer. The library takes `\d`, `\w` and `\s` in its own rules for JavaScript's (0–9, ASCII, with U+FEFF and
 * without U+0085), the marks of a newer Unicode for punctuation, and passes over how a split behaves and whether ▁ splits.
 * @throws an Error that names a kind that the library reads otherwise
 */
export function repairPreTokenizer(preTokenizer: unknown): unknown {
  if (!isObject(preTokenizer)) return preTokenizer;
  switch (preTokenizer['type']) {
    case 'Sequence': {
      const inner = preTokenizer['pretokenizers'];
      return sequence(Array.isArray(inner) ? inner.map(repairPreTokenizer) : []);
    }
    case 'Split':
      return repairSplit(preTokenizer);
    case 'Digits':
      return split(preTokenizer['individual_digits'] === true ? '\\p{N}' : '\\p{N}+');
    case 'Punctuation':
      return split(punctuation, preTokenizer['behavior']);
    case 'WhitespaceSplit':
      return split('\\s+', 'Removed');
    case 'Whitespace':
      return split(`[${wordCharacters}]+|[^${wordCharacters}\\s]+`, 'Removed', true);
    case 'BertPreTokenizer':
      return sequence([split('\\s+', 'Removed'), split(punctuation)]);
    case 'Metaspace':
      return metaspace(preTokenizer);
    case 'ByteLevel':
      return sequence([
        ...(preTokenizer['add_prefix_space'] === true ? prefixSpace : []),
        ...(preTokenizer['use_regex'] === false ? [] : [split(gpt2Split)]),
        { ...preTokenizer, add_prefix_space: false, use_regex: false },
      ]);
    case 'Replace':
      throw new Error('its pre-tokenizer is of the kind "Replace", which only normalizers are');
    case 'FixedLength':
      throw new Error('its pre-tokenizer is of the kind "FixedLength", which is not read exactly');
    default:
      return preTokenizer;
  }
}

function sequence(pretokenizers: readonly unknown[]): JsonObject {
  return { type: 'Sequence', pretokenizers };
}

function split(regex: string, behavior: unknown = 'Isolated', invert = false): JsonObject {
  return repairSplit({ type: 'Split', pattern: { Regex: regex }, behavior, invert });
}

/** One space before a piece that begins with none; the library has a replacement among the pre-tokenizers. */
const prefixSpace = [
  { type: 'Replace', pattern: { Regex: '[\\s\\S]+' }, content: ' $&' },
  { type: 'Replace', pattern: { Regex: '\\A {2}' }, content: ' ' },
];

function metaspace(options: JsonObject): JsonObject {
  const { replacement = '▁', prepend_scheme: scheme, add_prefix_space: prefix } = options;
  const mark = String(replacement);
  if (Array.from(mark).length !== 1)
    throw new Error(`it writes ${JSON.stringify(mark.slice(0, 40))} for a space`);
  const put = {
    type: 'Metaspace',
    replacement: mark,
    // Older files have only the switch.
    prepend_scheme: scheme ?? (prefix === false ? 'never' : 'always'),
  };
  return options['split'] === false ? put : sequence([put, split(mark, 'MergedWithNext')]);
}
