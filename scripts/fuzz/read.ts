/** Reads a file as far as the program ever does without computing: opened, checked, its tensors, its tokenizer, its template. */
import { dirname } from 'node:path';
import { readVariants } from '../../src/cli/variants.ts';
import { openCheckpoint } from '../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../src/main/engine/checkpoint/peft-adapter.ts';
import { parseExample } from '../../src/main/engine/dataset/parse-example.ts';
import { parseLabelled } from '../../src/main/engine/dataset/parse-labelled.ts';
import { readData } from '../../src/main/engine/dataset/read-data.ts';
import { readTrainingRecord } from '../../src/main/engine/export/training-record.ts';
import { readOrigin } from '../../src/main/engine/origin/origin-file.ts';
import { createTokenizer } from '../../src/main/engine/tokenizer/tokenizer.ts';

/** Words, a word without end, spaces without end, and characters of several kinds. */
const texts = [
  'Turn the kitchen light on, please! It is 21:45.',
  'x'.repeat(10_000),
  `${'a'.repeat(40)}!${' '.repeat(5000)}b`,
  'ſtraße 你好 \u0301\u0301 👩‍👩‍👧 <|im_start|>\u0000\ufeff',
];
const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
  { role: 'assistant', content: 'Good day' },
];

export async function readModel(path: string): Promise<void> {
  const checkpoint = await openCheckpoint(path.endsWith('.gguf') ? path : dirname(path));
  try {
    for (const [name, { packing }] of checkpoint.tensors) {
      checkpoint.read(name);
      if (packing) checkpoint.packed(name);
    }
    const { bosTokenId, eosTokenIds, vocabSize } = checkpoint.config;
    const tokenizer = createTokenizer(checkpoint.tokenizer, { bosTokenId, eosTokenIds, vocabSize });
    for (const text of texts) {
      const ids = tokenizer.encode(text);
      if (ids.some((id) => !Number.isInteger(id)))
        throw new Error(`ids of ${text.slice(0, 20)} are none`);
      tokenizer.decode(ids);
      tokenizer.encodeFramed([text, text], 64);
    }
    if (tokenizer.hasChatTemplate)
      tokenizer.renderChat({ messages }, { addGenerationPrompt: true });
  } finally {
    checkpoint.close();
  }
}

/** Modules as a small LLaMA has them. */
const linears = Array.from({ length: 24 }, (_, layer) =>
  ['self_attn.q_proj', 'self_attn.v_proj', 'mlp.down_proj'].map(
    (name) => `model.layers.${layer}.${name}`,
  ),
).flat();

export function readAdapterFolder(path: string): void {
  readAdapter(dirname(path), { linears, all: linears });
}

export function readOriginFile(path: string): void {
  readOrigin(dirname(path));
  readTrainingRecord(dirname(path));
}

export function readVariantsFile(path: string): void {
  readVariants(path, { model: 'm', data: 'd' });
}

export async function readDataFile(path: string): Promise<void> {
  const file = { path, columns: [] };
  const [asExamples] = await Promise.allSettled([readData(file, parseExample)]);
  await readData(file, parseLabelled);
  if (asExamples.status === 'rejected') throw asExamples.reason;
}
