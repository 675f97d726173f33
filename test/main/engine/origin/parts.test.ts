/** Origins beside the files, adapters as parts, and bases that are other ones. */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  originPath,
  readOrigin,
  writeOrigin,
} from '../../../../src/main/engine/origin/origin-file.ts';
import { checkSameBase, partsOf } from '../../../../src/main/engine/origin/parts.ts';
import {
  blendedOrigin,
  exportedOrigin,
  hashOf,
  partOf,
  trainedOrigin,
} from '../../../support/sample-origins.ts';
import { smallConfig } from '../../small-config.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const trained = trainedOrigin(smallConfig());
const nothing = () => {
  throw new Error('nothing is told');
};

function adapterFolder(): string {
  const path = join(temporaryFolder(), 'adapter');
  cpSync(fixturePath('adapters/rslora'), path, { recursive: true });
  return path;
}

test('an origin is read as it was written, with all that is in it', async () => {
  const folder = adapterFolder();
  const blend = blendedOrigin([partOf('/a', 0.7, trained), partOf('/b', -0.3, null)]);
  const origin = exportedOrigin([partOf('/c', 1, blend)]);
  await writeOrigin(folder, origin);
  expect(readdirSync(folder)).toContain('lorikeet-origin.json');
  expect(readOrigin(folder)).toEqual(origin);
  expect(readOrigin(join(folder, 'adapter_config.json'))).toEqual(origin);
  const file = join(folder, 'model.gguf');
  writeFileSync(file, '');
  expect(originPath(file)).toBe(`${file}.origin.json`);
  expect(readOrigin(file)).toBe(null);
  await writeOrigin(file, trained);
  expect(readOrigin(file)).toEqual(trained);
});

test('a figure that is no finite number is written as none', async () => {
  const folder = adapterFolder();
  const origin = exportedOrigin([]);
  await writeOrigin(folder, { ...origin, proof: { ...origin.proof, figures: { meanKl: NaN } } });
  expect(readOrigin(folder)).toMatchObject({ proof: { figures: { meanKl: null } } });
});

test('an origin of a form that is not known is an error of its own', async () => {
  const folder = adapterFolder();
  const path = join(folder, 'lorikeet-origin.json');
  writeFileSync(path, JSON.stringify({ ...trained, version: 2 }));
  expect(await problemOf(() => readOrigin(folder))).toMatchObject({
    code: 'origin/unknown-form',
    where: path,
  });
});

test('adapters are parts with their weights, the hash of their tensors, and what is known of them', async () => {
  const [own, foreign] = [adapterFolder(), adapterFolder()];
  await writeOrigin(own, trained);
  const sources = [
    { path: join(own, 'adapter_config.json'), weight: 0.5 },
    { path: foreign, weight: 2 },
  ];
  const bytes = readFileSync(join(own, 'adapter_model.safetensors'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const cache = join(temporaryFolder(), 'fingerprints.json');
  expect(await partsOf(sources, nothing, { cache })).toEqual([
    { path: own, weight: 0.5, sha256, origin: trained },
    { path: foreign, weight: 2, sha256, origin: null },
  ]);
});

test('the same base at another place is fine, another one is refused by name or told', async () => {
  const moved = { ...trained.base, path: '/elsewhere.gguf' };
  const parts = [partOf('/foreign', 1, null), partOf('/own', 1, trained)];
  checkSameBase(parts, moved, false, nothing);
  const other = { path: '/elsewhere.gguf', sha256: hashOf('c') };
  const check = (otherBase: boolean, tell: (text: string) => void) => () => {
    checkSameBase(parts, other, otherBase, tell);
  };
  expect(await problemOf(check(false, nothing))).toMatchObject({
    ...{ code: 'origin/base-changed', where: '/own' },
    what: expect.stringMatching(/\/small\.gguf .* b{12}, .*\/elsewhere\.gguf has c{12}/) as unknown,
  });
  const told: string[] = [];
  check(true, (text) => told.push(text))();
  expect(told).toEqual([expect.stringContaining('was made on other files than this base')]);
});
