/** Special tokens as a model's files name them. */
import type { TokenizerFiles } from './files.ts';

/** The text of `bos_token` and the like in tokenizer_config.json: a string, or an object with `content`. */
export function specialTokenText(
  tokenizerConfig: Record<string, unknown>,
  key: 'bos_token' | 'eos_token' | 'unk_token' | 'pad_token',
): string | null {
  const value = tokenizerConfig[key];
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'content' in value) {
    return typeof value.content === 'string' ? value.content : null;
  }
  return null;
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
