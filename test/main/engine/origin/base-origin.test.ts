/** A base is known by its files, wherever they lie. */
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { baseOrigin, knownBaseHash } from '../../../../src/main/engine/origin/base-origin.ts';
import { writeOrigin } from '../../../../src/main/engine/origin/origin-file.ts';
import { exportedOrigin } from '../../../support/sample-origins.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

async function originOfBase(path: string) {
  const told: string[] = [];
  const checkpoint = await openCheckpoint(path);
  try {
    const cache = join(temporaryFolder(), 'fingerprints.json');
    const base = await baseOrigin(checkpoint, (text) => told.push(text), { cache });
    return { base, told, known: knownBaseHash(checkpoint, cache) };
  } finally {
    checkpoint.close();
  }
}

function copyOf(model: string): string {
  const path = join(temporaryFolder(), 'copy');
  cpSync(fixturePath(`models/${model}`), path, { recursive: true });
  return path;
}

test.each([
  ['tiny-tied', ['config.json', 'model.safetensors', 'tokenizer.json']],
  [
    'tiny-untied-bf16-sharded',
    [
      ...['config.json', ...[1, 2, 3].map((n) => `model-0000${n}-of-00003.safetensors`)],
      ...['model.safetensors.index.json', 'tokenizer.json'],
    ],
  ],
])('%s: what sha256sum prints for its files, hashed once more', async (model, names) => {
  const folder = fixturePath(`models/${model}`);
  const files = names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  const printed = files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`).join('');
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const { base, known, told } = await originOfBase(folder);
  const expected = { path: folder, name: model, format: 'huggingface', bytes, origin: null };
  expect(base).toEqual({ ...expected, sha256: sha256(printed) });
  // Fixtures were not written just now, so that the hash is at hand from then on.
  expect(known).toBe(base.sha256);
  expect(told).toEqual([]);
});

test('a GGUF file has its own sha256', async () => {
  const path = fixturePath('gguf/tiny-untied.gguf');
  const { base } = await originOfBase(path);
  expect(base).toMatchObject({ name: basename(path), sha256: sha256(readFileSync(path)) });
});

test('a copy is the same base, one byte makes another, and what says nothing of the model does not', async () => {
  const { base } = await originOfBase(fixturePath('models/tiny-tied'));
  const copy = copyOf('tiny-tied');
  writeFileSync(join(copy, 'README.md'), 'a copy');
  expect((await originOfBase(copy)).base.sha256).toBe(base.sha256);
  appendFileSync(join(copy, 'config.json'), ' ');
  const changed = await originOfBase(copy);
  expect(changed.base.sha256).not.toBe(base.sha256);
  expect(changed.known).toBe(null);
});

test('a base that Lorikeet has exported brings its own origin; one that cannot be read is told', async () => {
  const copy = copyOf('tiny-tied');
  const origin = exportedOrigin([]);
  await writeOrigin(copy, origin);
  expect((await originOfBase(copy)).base.origin).toEqual(origin);
  writeFileSync(join(copy, 'lorikeet-origin.json'), '{"kind": "training"}');
  const { base, told } = await originOfBase(copy);
  expect(base.origin).toBe(null);
  expect(told).toEqual([expect.stringMatching(/copy came from is not known: .* newer Lorikeet/)]);
});
