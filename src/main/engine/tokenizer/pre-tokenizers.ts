/** How text is cut before byte pairs are merged, for each name that a GGUF file may give in `tokenizer.ggml.pre`. */

/** GPT-2's rule: contractions, words, numbers and punctuation, each with the space before it. */
export const gpt2Split =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const endings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

/** cl100k's rule as LLaMA 3 and Qwen 2 write it; they differ in how many digits make a piece. */
const cl100kSplit = (digits: string): string =>
  `${endings}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** o200k's rule, which also cuts before a capital letter; Tekken is this without endings such as 's of their own. */
const o200kSplit = (digits: string, ending: string): string => {
  const letters = (own: string): string => `[${own}\\p{Lm}\\p{Lo}\\p{M}]`;
  const [upper, lower] = [letters('\\p{Lu}\\p{Lt}'), letters('\\p{Ll}')] as const;
  const before = '[^\\r\\n\\p{L}\\p{N}]?';
  const words = `${before}${upper}*${lower}+${ending}|${before}${upper}+${lower}*${ending}`;
  return `${words}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
};

export type PreTokenizerRule = {
  /** `pre_tokenizer` of tokenizer.json. */
  preTokenizer: Record<string, unknown>;
  normalizer: Record<string, unknown> | null;
  /** A piece that is a token as it stands is not built from merges. */
  ignoreMerges: boolean;
  /** What stands around texts: bos only where the file does not say otherwise. */
  around: 'nothing' | 'bos' | 'encoder';
};

const isolate = (regex: string): Record<string, unknown> => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});
const byteLevel = (useRegex: boolean): Record<string, unknown> => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});
const sequence = (...pretokenizers: Record<string, unknown>[]): Record<string, unknown> => ({
  type: 'Sequence',
  pretokenizers,
});
const nfc = { type: 'NFC' };
const plain = { normalizer: null, ignoreMerges: false, around: 'nothing' } as const;

const gpt2: PreTokenizerRule = { ...plain, preTokenizer: byteLevel(true) };
const singleDigits: PreTokenizerRule = {
  ...plain,
  preTokenizer: sequence({ type: 'Digits', individual_digits: true }, byteLevel(true)),
};
const llama3: PreTokenizerRule = {
  normalizer: null,
  ignoreMerges: true,
  around: 'bos',
  preTokenizer: sequence(isolate(cl100kSplit('\\p{N}{1,3}')), byteLevel(false)),
};
/** cl100k's rule as Phi-4, OLMo 2 and DBRX have it. */
const cl100k: PreTokenizerRule = { ...llama3, ignoreMerges: false, around: 'nothing' };
const qwen2: PreTokenizerRule = {
  ...plain,
  normalizer: nfc,
  preTokenizer: sequence(isolate(cl100kSplit('\\p{N}')), byteLevel(false)),
};
const gpt4o: PreTokenizerRule = {
  ...plain,
  preTokenizer: sequence(isolate(o200kSplit('\\p{N}{1,3}', `${endings}?`)), byteLevel(false)),
};
const tekken: PreTokenizerRule = {
  normalizer: null,
  ignoreMerges: true,
  around: 'bos',
  preTokenizer: sequence(isolate(o200kSplit('\\p{N}', '')), byteLevel(false)),
};
/** What llama.cpp does for files that do not say. */
const unnamed: PreTokenizerRule = {
  ...plain,
  preTokenizer: sequence(
    isolate('[\\p{P}\\$\\+<=>\\^~\\|]+'),
    isolate(gpt2Split),
    isolate('\\p{N}+'),
    isolate('[0-9][0-9][0-9]'),
    byteLevel(false),
  ),
};

/**
 * Names and rules as in llama.cpp's src/llama-vocab.cpp; each rule as the models' own tokenizer.json states it. Of several names
 * of a rule the first is the one that is written.
 */
const rules: ReadonlyMap<string, PreTokenizerRule> = new Map([
  ['default', unnamed],
  ['gpt-2', gpt2],
  ['phi-2', gpt2],
  ['mpt', gpt2],
  ['roberta-bpe', { ...gpt2, around: 'encoder' }],
  ['olmo', { ...gpt2, normalizer: nfc }],
  ['smollm', singleDigits],
  ['starcoder', singleDigits],
  ['refact', singleDigits],
  ['codeshell', singleDigits],
  ['llama-bpe', llama3],
  ['llama3', llama3],
  ['llama-v3', llama3],
  ['falcon3', llama3],
  ['smaug-bpe', cl100k],
  ['dbrx', cl100k],
  ['gpt-4o', gpt4o],
  ['tekken', tekken],
  ['qwen2', qwen2],
  ['deepseek-r1-qwen', qwen2],
]);

/** The rule of that name, or null where it is not known. */
export function preTokenizerRule(name: string): PreTokenizerRule | null {
  return rules.get(name) ?? null;
}

/** Every name that is known, for messages. */
export const preTokenizerNames: readonly string[] = [...rules.keys()];
