/** Special tokens as a model's files name them. */
import type { TokenizerFiles } from './files.ts';

/** The text of `bos_token` and the like in tokenizer_config.json: a string, or an object with `content`. */
export function specialTokenText(
  tokenizerConfig: Record<string, unknown>,
  key: `${'bos' | 'eos' | 'unk' | 'pad' | 'sep' | 'cls' | 'mask'}_token`,
): string | null {
  return textOf(tokenizerConfig[key]);
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'content' in value) {
    return typeof value.content === 'string' ? value.content : null;
  }
  return null;
}

const single = ['bos', 'eos', 'unk', 'pad', 'sep', 'cls', 'mask'].map((name) => `${name}_token`);
/** Lists of them; transformers 5 writes the second, also as an object of names and tokens. */
const lists = ['additional_special_tokens', 'extra_special_tokens'];

/** The special tokens that tokenizer_config.json names, each with the key that names it. */
function namedTokens(tokenizerConfig: Record<string, unknown>): { key: string; text: string }[] {
  return [...single, ...lists].flatMap((key) =>
    tokensOf(tokenizerConfig[key]).map((text) => ({ key, text })),
  );
}

function tokensOf(value: unknown): string[] {
  const text = textOf(value);
  if (text !== null) return [text];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each) => textOf(each) ?? []);
}

/** The texts of all special tokens that tokenizer_config.json names. */
export function specialTokenTexts(tokenizerConfig: Record<string, unknown>): string[] {
  return namedTokens(tokenizerConfig).map(({ text }) => text);
}

/** tokenizer_config.json with what it lacks of special_tokens_map.json, where older folders name their special tokens. */
export function withSpecialTokensMap(
  tokenizerConfig: Record<string, unknown>,
  map: Record<string, unknown> | null,
): Record<string, unknown> {
  const known = Object.entries(map ?? {}).filter(([key]) => [...single, ...lists].includes(key));
  return { ...Object.fromEntries(known), ...tokenizerConfig };
}

/** A sentence for each special token that the tokenizer does not have, and transformers would add without a row in the model. */
export function tellUnknownTokens(
  tokenizerConfig: Record<string, unknown>,
  idOf: (text: string) => number | undefined,
): string[] {
  return namedTokens(tokenizerConfig).flatMap(({ key, text }) =>
    idOf(text) !== undefined
      ? []
      : `The files of the tokenizer name ${JSON.stringify(text)} as ${key}, which it does not have; it is read as plain text.`,
  );
}

/**
 * Every token that ends a text or a turn. The files of one model often disagree (config.json of an instruction-tuned
 * model may still name the base model's), so all that are named count: tokenizer_config.json's first.
 */
export function stopTokens(
  files: TokenizerFiles,
  configured: readonly number[],
  idOf: (text: string) => number | undefined,
): number[] {
  const named = specialTokenText(files.tokenizerConfig, 'eos_token');
  const fromTokenizer = named === null ? undefined : idOf(named);
  const generation = [files.generationConfig?.['eos_token_id']].flat();
  const all = [fromTokenizer, ...configured, ...generation];
  return [...new Set(all.filter((id) => typeof id === 'number'))];
}
