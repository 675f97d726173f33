/** Frequencies of rotations that a file stores: those of its config, or others, which are told. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { fixtures, temporaryFolder } from './fixtures.ts';
import { readRaw, writeRaw } from './raw-tensors.ts';

const name = 'model.layers.0.self_attn.rotary_emb.inv_freq';
const model = join(fixtures, 'models/tiny-tied');
const config = JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')) as {
  rope_theta?: number;
  rope_parameters?: { rope_theta: number };
  head_dim: number;
};
const theta = config.rope_parameters?.rope_theta ?? config.rope_theta ?? NaN;

async function noticesWith(values: Float32Array): Promise<readonly string[]> {
  const folder = join(temporaryFolder(), 'model');
  cpSync(model, folder, { recursive: true });
  const weights = join(folder, 'model.safetensors');
  const stored = { dtype: 'F32', shape: [values.length], bytes: new Uint8Array(values.buffer) };
  writeRaw(weights, new Map([...readRaw(weights), [name, stored]]));
  const checkpoint = await openCheckpoint(folder);
  try {
    expect(checkpoint.tensors.has(name)).toBe(false);
    return checkpoint.architecture.notices;
  } finally {
    checkpoint.close();
  }
}

const frequencies = (base: number) =>
  Float32Array.from(
    { length: config.head_dim / 2 },
    (_, i) => base ** ((-2 * i) / config.head_dim),
  );

test('those of the config say nothing', async () => {
  expect(await noticesWith(frequencies(theta))).toEqual([]);
});

test.each([
  ['another base', frequencies(2 * theta)],
  ['other numbers', new Float32Array(config.head_dim / 2).fill(0.3)],
  ['as many as another size of heads has', frequencies(theta).subarray(1).slice()],
  ['no number', frequencies(theta).fill(NaN, 1, 2)],
])('others are told: %s', async (_, values) => {
  expect(await noticesWith(values)).toEqual([
    expect.stringMatching(/inv_freq hold other frequencies than config\.json gives/),
  ]);
});
