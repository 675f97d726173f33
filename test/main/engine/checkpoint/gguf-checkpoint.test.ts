/** Whole GGUF files: the config, every weight in Hugging Face's order bit for bit, and the tokenizer. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { describeCheckpoint } from '../../../../src/main/engine/checkpoint/describe.ts';
import { isTransposed } from '../../../../src/main/engine/model/architecture.ts';
import { transposed } from '../../../../src/main/engine/numbers/transpose.ts';
import { ggufModels } from '../../../support/tiny-models.ts';
import { inEveryLayer } from '../../../support/plain-module.ts';
import { fixtures } from './fixtures.ts';

/** Of heads with 16 numbers, where a family adds nothing. */
const plainNumbers = {
  ...{ queryScalar: 16, scoreCap: null, logitCap: null, embeddingScale: 1 },
  ...{ clip: null, experts: null },
};

const expectation = z.record(
  z.string(),
  z.object({ storedAs: z.string(), shape: z.array(z.int()), sha256: z.string() }),
);

function expectedWeights(name: string): z.output<typeof expectation> {
  return expectation.parse(
    JSON.parse(readFileSync(join(fixtures, `gguf/${name}.expected.json`), 'utf8')),
  );
}

test.each(['tiny-untied', 'tiny-llama3-rope', ...ggufModels])('%s: weights', async (name) => {
  const checkpoint = await openCheckpoint(join(fixtures, `gguf/${name}.gguf`));
  const expected = expectedWeights(name);
  const found = Object.fromEntries(
    [...checkpoint.tensors].map(([key, { storedAs, shape }]) => {
      const values = checkpoint.read(key);
      const [rows = 0, columns = 0] = shape;
      // Expected as Hugging Face's files have it.
      const inFiles = isTransposed(checkpoint.architecture, key)
        ? { shape: shape.toReversed(), values: transposed(values, rows, columns) }
        : { shape, values };
      const sha256 = createHash('sha256')
        .update(new Uint8Array(inFiles.values.slice().buffer))
        .digest('hex');
      return [key, { storedAs, shape: inFiles.shape, sha256 }];
    }),
  );
  checkpoint.close();
  expect(found).toEqual(expected);
});

test('tiny-untied: config', async () => {
  const checkpoint = await openCheckpoint(join(fixtures, 'gguf/tiny-untied.gguf'));
  checkpoint.close();
  expect(checkpoint.format).toBe('gguf');
  expect(checkpoint.config).toEqual({
    modelType: 'llama',
    vocabSize: 288,
    hiddenSize: 32,
    intermediateSize: 96,
    numHiddenLayers: 2,
    numAttentionHeads: 4,
    numKeyValueHeads: 4,
    headDim: 16,
    maxPositionEmbeddings: 512,
    ...plainNumbers,
    rotations: {
      whole: { theta: 10000, scaling: null, dimensions: 16 },
      windowed: { theta: 10000, scaling: null, dimensions: 16 },
    },
    windows: { byLayer: [null, null], keys: {} },
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
    bosTokenId: 1,
    eosTokenIds: [2],
  });
});

test('tiny-llama3-rope: the rope factors in the file are recognised as LLaMA 3 scaling', async () => {
  const checkpoint = await openCheckpoint(join(fixtures, 'gguf/tiny-llama3-rope.gguf'));
  checkpoint.close();
  expect(checkpoint.config).toMatchObject({
    rotations: {
      whole: {
        scaling: {
          type: 'llama3',
          factor: 32,
          lowFreqFactor: 1,
          highFreqFactor: 4,
          originalMaxPositionEmbeddings: 8192,
        },
      },
    },
  });
  expect(checkpoint.config.tieWordEmbeddings).toBe(true);
  expect(checkpoint.tensors.has('lm_head.weight')).toBe(false);
});

test('the description counts parameters and ranks types by bytes', async () => {
  const path = join(fixtures, 'gguf/tiny-untied.gguf');
  const checkpoint = await openCheckpoint(path);
  const description = describeCheckpoint(checkpoint);
  checkpoint.close();
  const attention = 4 * 32 * 64;
  const layer = attention + 3 * 32 * 96 + 2 * 32;
  expect(description).toMatchObject({
    format: 'gguf',
    architecture: 'llama',
    parameters: 2 * 288 * 32 + 2 * layer + 32,
    layers: 2,
    fileBytes: readFileSync(path).length,
    hasChatTemplate: true,
  });
  expect(description.modules.map((module) => module.name)).toEqual([
    'q_proj',
    'k_proj',
    'v_proj',
    'o_proj',
    'gate_proj',
    'up_proj',
    'down_proj',
  ]);
  expect(description.modules[0]).toEqual({
    ...{ name: 'q_proj', path: 'model.layers.{layer}.self_attn.q_proj', in: 32, out: 64 },
    ...inEveryLayer,
  });
  expect(new Set(description.storedAs)).toEqual(
    new Set(['Q8_0', 'Q4_1', 'Q5_0', 'F16', 'Q4_0', 'BF16', 'Q5_1', 'F32']),
  );
});

test('the tokenizer comes with the template of the model it was made from', async () => {
  const checkpoint = await openCheckpoint(join(fixtures, 'gguf/tiny-untied.gguf'));
  const template = readFileSync(join(fixtures, 'models/tiny-untied/chat_template.jinja'), 'utf8');
  expect(checkpoint.tokenizer.chatTemplate).toBe(template);
  checkpoint.close();
});
