/** Models of seeded random weights in the shapes that people train: nothing is downloaded, and time and memory are those of real ones. */
import { join } from 'node:path';
import { z } from 'zod';
import { pieceBytes } from '../../src/main/engine/checkpoint/piece-writer.ts';
import type { TensorSource } from '../../src/main/engine/checkpoint/safetensors-writer.ts';
import { writeModelDirectory } from '../../src/main/engine/export/model-directory.ts';
import { elements } from '../../src/main/engine/graph/shape.ts';
import type { Architecture } from '../../src/main/engine/model/architecture.ts';
import { parseArchitecture } from '../../src/main/engine/model/families/index.ts';
import { weightShapes } from '../../src/main/engine/model/weight-shapes.ts';
import { floatBytes, float32ToBfloat16 } from '../../src/main/engine/numbers/float-formats.ts';
import { createRandom, type Random } from '../../src/main/engine/random.ts';
import type { TokenizerFiles } from '../../src/main/engine/tokenizer/files.ts';

/** Keys of a LLaMA's config.json. */
export type LlamaShape = {
  hidden_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  intermediate_size: number;
  vocab_size: number;
  tie_word_embeddings: boolean;
};

/** Deviation of matrices, as initializer_range of LLaMA. */
const deviation = 0.02;

/** Weights are drawn from so many numbers of the normal distribution: drawing each anew takes minutes for a large model. */
const drawn = 1 << 16;

/** Writes a bfloat16 Hugging Face directory into an empty folder; a megabyte of weights at a time is in memory. */
export async function writeRandomModel(
  folder: string,
  shape: LlamaShape,
  tokenizer: TokenizerFiles,
): Promise<Architecture> {
  const architecture = parseArchitecture(
    {
      ...{ model_type: 'llama', architectures: ['LlamaForCausalLM'], hidden_act: 'silu' },
      ...{ max_position_embeddings: 4096, rms_norm_eps: 1e-5, rope_theta: 10000 },
      ...{ bos_token_id: 1, eos_token_id: 2 },
      ...shape,
    },
    join(folder, 'config.json'),
  );
  const random = createRandom(0);
  const normal = bytesOf(Float32Array.from({ length: drawn }, () => deviation * random.normal()));
  const one = bytesOf(Float32Array.of(1));
  const tensors = [...weightShapes(architecture)].map(([name, sides]): TensorSource => {
    const values = sides.length === 1 ? one : normal;
    return { name, shape: sides, pieces: () => pieces(elements(sides), values, random) };
  });
  const parts = { architecture, tokenizer: cut(tokenizer, shape.vocab_size) };
  await writeModelDirectory(folder, { ...parts, dtype: 'bfloat16' }, tensors);
  return architecture;
}

function bytesOf(values: Float32Array): Uint16Array {
  const target = new Uint16Array(values.length);
  float32ToBfloat16(values, target);
  return target;
}

/** So many values, each one of `values`. */
function* pieces(count: number, values: Uint16Array, random: Random): Iterable<Uint8Array> {
  const most = pieceBytes / floatBytes.bfloat16;
  for (let begin = 0; begin < count; begin += most) {
    const piece = new Uint16Array(Math.min(most, count - begin));
    for (let i = 0; i < piece.length; i++) piece[i] = values[random.uint32() % values.length] ?? 0;
    yield new Uint8Array(piece.buffer);
  }
}

const bytePairs = z.looseObject({
  model: z.looseObject({
    vocab: z.record(z.string(), z.int()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});

/**
 * The tokenizer without the tokens from `size` on, and without the merges that make them: a smaller model's. Its tokens come in
 * the order of the merges, so that no merge that stays needs one that is gone. An embedding may well have rows to spare.
 */
export function cut(files: TokenizerFiles, size: number): TokenizerFiles {
  const json = bytePairs.parse(files.tokenizerJson);
  const kept = Object.entries(json.model.vocab).filter(([, id]) => id < size);
  const known = new Set(kept.map(([token]) => token));
  const merges = json.model.merges.filter((merge) =>
    known.has((typeof merge === 'string' ? merge.split(' ') : merge).join('')),
  );
  const model = { ...json.model, vocab: Object.fromEntries(kept), merges };
  return { ...files, tokenizerJson: { ...json, model }, tokenizerFile: null };
}
