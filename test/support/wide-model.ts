/** A model whose weights weigh more than its graph, all of them 0: for what is known without reading weights. */
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArchitecture } from '../../src/main/engine/model/families/index.ts';
import { weightShapes } from '../../src/main/engine/model/weight-shapes.ts';

const tokenizer = new URL('../fixtures/models/tiny-tied/tokenizer.json', import.meta.url);
const config = {
  ...{ model_type: 'llama', hidden_size: 1024, intermediate_size: 2816, num_hidden_layers: 2 },
  ...{ num_attention_heads: 8, num_key_value_heads: 8, head_dim: 128, vocab_size: 288 },
  ...{ max_position_embeddings: 512, rms_norm_eps: 1e-5, tie_word_embeddings: true },
};

/** Writes a Hugging Face directory with 26 million weights in float32; its file of weights takes no room on the disk. */
export function writeWideModel(folder: string): void {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  copyFileSync(tokenizer, join(folder, 'tokenizer.json'));
  let end = 0;
  const tensors = [...weightShapes(parseArchitecture(config, folder))].map(([name, shape]) => {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(tensors)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(file, Buffer.concat([length, header]));
  ftruncateSync(file, length.length + header.length + end);
  closeSync(file);
}
