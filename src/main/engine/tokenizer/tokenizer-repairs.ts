/** Rewrites the parts of tokenizer.json that @huggingface/tokenizers 0.2.0 reads differently from the Rust library. */
import { gpt2Split } from './pre-tokenizers.ts';
import { isObject, type JsonObject } from '../../../shared/is-object.ts';

/**
 * An equal pre-tokenizer in terms that both libraries read alike:
 * `Digits` counts every character of Unicode's N class in Rust but only 0–9 in JavaScript, and the rule inside
 * `ByteLevel` takes `\s` for JavaScript's white space (with U+FEFF, without U+0085) instead of Unicode's.
 */
export function repairPreTokenizer(preTokenizer: unknown): unknown {
  if (!isObject(preTokenizer)) return preTokenizer;
  switch (preTokenizer['type']) {
    case 'Sequence': {
      const inner = preTokenizer['pretokenizers'];
      return {
        ...preTokenizer,
        pretokenizers: Array.isArray(inner) ? inner.map(repairPreTokenizer) : inner,
      };
    }
    case 'Digits':
      return isolate(preTokenizer['individual_digits'] === true ? '\\p{N}' : '\\p{N}+');
    case 'ByteLevel':
      if (preTokenizer['use_regex'] === false || preTokenizer['add_prefix_space'] === true) {
        return preTokenizer;
      }
      return {
        type: 'Sequence',
        pretokenizers: [isolate(gpt2Split), { ...preTokenizer, use_regex: false }],
      };
    default:
      return preTokenizer;
  }
}

const isolate = (regex: string): JsonObject => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});
