/** The name by which GGUF files call a byte-level tokenizer's split rule, found by where it cuts texts. */
import { openLibraryTokenizer, type TokenizerJson } from './library.ts';
import { preTokenizerNames, preTokenizerRule, type PreTokenizerRule } from './pre-tokenizers.ts';
import { probingTexts } from './probing-texts.ts';

/** What normalizes and cuts texts before byte pairs are merged. */
type Cutting = Pick<TokenizerJson, 'normalizer' | 'pre_tokenizer'>;

/**
 * The names, the usual one first, under which a reader cuts all probing texts as this tokenizer does. Cuts and not ids are
 * compared, because a small vocabulary hides where two rules differ.
 */
export function splitRuleNames(own: Cutting): string[] {
  const wanted = cutsOf(own);
  const same = new Map<PreTokenizerRule, boolean>();
  return preTokenizerNames.filter((name) => {
    const rule = preTokenizerRule(name);
    if (rule === null) return false;
    const { normalizer, preTokenizer } = rule;
    const known = same.get(rule) ?? cutsOf({ normalizer, pre_tokenizer: preTokenizer }) === wanted;
    same.set(rule, known);
    return known;
  });
}

/** All characters that stand for a byte in byte-level vocabularies, and some that do not. */
const characters = Array.from({ length: 0x144 - 0x21 }, (_, i) => String.fromCodePoint(0x21 + i));
/** Has one token for each character that begins a piece, and another one for the same character within a piece. */
const model = {
  type: 'WordPiece',
  unk_token: '[UNK]',
  continuing_subword_prefix: '##',
  max_input_chars_per_word: 1000,
  vocab: Object.fromEntries(
    ['[UNK]', ...characters, ...characters.map((each) => `##${each}`)].map((text, id) => [
      text,
      id,
    ]),
  ),
};

function cutsOf(cutting: Cutting): string {
  const { normalizer, pre_tokenizer } = cutting;
  const cutter = openLibraryTokenizer({
    model,
    added_tokens: [],
    normalizer,
    pre_tokenizer,
    decoder: null,
  });
  const cuts = probingTexts.map((text) => cutter.encode(text, { add_special_tokens: false }).ids);
  return JSON.stringify(cuts);
}
