/** A GGUF file (version 3) of key-values alone: all that a reader of the vocabulary needs. */
import type { GgufPairs, GgufValue } from '../../src/main/engine/tokenizer/gguf-pairs.ts';

/** Numbers of the types, from the specification (ggml's docs/gguf.md). */
const types = {
  uint8: 0,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
} as const;

/** What llama.cpp wants to be told of any model. */
const settings = [
  'context_length',
  'embedding_length',
  'block_count',
  'feed_forward_length',
  'attention.head_count',
];

export function vocabularyGguf(pairs: GgufPairs): Buffer {
  const all: [string, GgufValue][] = [
    ['general.architecture', { type: 'string', value: 'llama' }],
    ...settings.map((key): [string, GgufValue] => [`llama.${key}`, { type: 'uint32', value: 32 }]),
    ['llama.attention.layer_norm_rms_epsilon', { type: 'float32', value: 1e-5 }],
    ...pairs,
  ];
  const head = Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(0), uint64(all.length)]);
  const written = all.map(([key, value]) =>
    Buffer.concat([string(key), uint32(types[value.type]), content(value)]),
  );
  return Buffer.concat([head, ...written]);
}

function content(entry: GgufValue): Buffer {
  if (entry.type !== 'array') return scalar(entry.type, entry.value);
  const { of, value } = entry;
  const items = value.map((item: number | string) => scalar(of, item));
  return Buffer.concat([uint32(types[of]), uint64(items.length), ...items]);
}

function scalar(type: Exclude<keyof typeof types, 'array'>, value: number | boolean | string) {
  if (type === 'string') return string(String(value));
  const number = Number(value);
  if (type === 'uint8' || type === 'bool') return Buffer.from([number]);
  const four = Buffer.alloc(4);
  if (type === 'float32') four.writeFloatLE(number);
  else if (type === 'int32') four.writeInt32LE(number);
  else four.writeUInt32LE(number);
  return four;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  return scalar('uint32', value);
}

function uint64(value: number): Buffer {
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64LE(BigInt(value));
  return eight;
}
