/** Metadata of a GGUF file as plain values: what every family reads its config from. Keys: gguf-py's constants. */
import type { JsonObject } from './family.ts';

/** Reads a key without the architecture in front of it: 'attention.sliding_window'. */
export type GgufValue = (key: string) => unknown;

export function ggufValues(metadata: JsonObject, architecture: string): GgufValue {
  return (key) => plainNumber(metadata[`${architecture}.${key}`]);
}

/** The tokens that begin a text and end it, by the keys of config.json. */
export function ggufTokens(metadata: JsonObject): JsonObject {
  const of = (key: string) => plainNumber(metadata[`tokenizer.ggml.${key}_token_id`]);
  const ends = new Set([of('eos'), of('eot')]);
  return { bos_token_id: of('bos'), eos_token_id: [...ends].filter((id) => id !== undefined) };
}

/** GGUF's 64-bit integers as ordinary numbers, and its float32 numbers as people write them: 1e-5. */
export function plainNumber(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}
