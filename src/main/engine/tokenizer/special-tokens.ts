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

/** The texts of all special tokens that tokenizer_config.json names. */
export function specialTokenTexts(tokenizerConfig: Record<string, unknown>): string[] {
  const single = ['bos', 'eos', 'unk', 'pad', 'sep', 'cls', 'mask'].map((name) => `${name}_token`);
  const further = [tokenizerConfig['additional_special_tokens'] ?? []].flat();
  return [...single.map((key) => tokenizerConfig[key]), ...further].flatMap(
    (value) => textOf(value) ?? [],
  );
}

/** A sentence for each of the first and last token that the tokenizer does not have. */
export function tellUnknownTokens(
  tokenizerConfig: Record<string, unknown>,
  idOf: (text: string) => number | undefined,
): string[] {
  return (['bos_token', 'eos_token'] as const).flatMap((key) => {
    const text = specialTokenText(tokenizerConfig, key);
    if (text === null || idOf(text) !== undefined) return [];
    return [
      `tokenizer_config.json names ${JSON.stringify(text)} as ${key}, which the tokenizer does not have; it is read as plain text.`,
    ];
  });
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
