/** Metadata of a GGUF file as plain values: what every family reads its config from. Keys: gguf-py's constants. */
import type { JsonObject } from '../../../shared/is-object.ts';

/** Reads a key without the architecture in front of it: 'attention.sliding_window'. */
export type GgufValue = (key: string) => unknown;

/** @param seen notes the keys that are read, as the file has them */
export function ggufValues(metadata: Readonly<JsonObject>, seen = new Set<string>()): GgufValue {
  const architecture = String(metadata['general.architecture']);
  return (name) => {
    const key = `${architecture}.${name}`;
    seen.add(key);
    return plainNumber(metadata[key]);
  };
}

/** The tokens that begin a text and end it, by the keys of config.json. */
export function ggufTokens(metadata: Readonly<JsonObject>): JsonObject {
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
