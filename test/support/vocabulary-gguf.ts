/** A GGUF file of key-values alone: all that a reader of the vocabulary needs. */
import { writeGguf } from '../../src/main/engine/checkpoint/gguf-writer.ts';
import { float32, string, uint32 } from '../../src/main/engine/model/gguf-form.ts';
import type { GgufPairs, GgufValue } from '../../src/main/engine/tokenizer/gguf-pairs.ts';

/** What llama.cpp wants to be told of any model. */
const settings = [
  'context_length',
  'embedding_length',
  'block_count',
  'feed_forward_length',
  'attention.head_count',
];

export async function writeVocabularyGguf(path: string, pairs: GgufPairs): Promise<void> {
  const all: [string, GgufValue][] = [
    ['general.architecture', string('llama')],
    ...settings.map((key): [string, GgufValue] => [`llama.${key}`, uint32(32)]),
    ['llama.attention.layer_norm_rms_epsilon', float32(1e-5)],
    ...pairs,
  ];
  await writeGguf(path, new Map(all), []);
}
