/** Models and data files get into the library under the right names, once, and are found by name or path. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { EngineClient } from '../../src/main/engine-client.ts';
import { addModel, enterStarters, resolveModel } from '../../src/main/library.ts';
import { locateResources } from '../../src/main/resources.ts';
import { openStore, type Store } from '../../src/main/store/database.ts';
import { workerTransport } from '../../src/main/worker-transport.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-library-'));
const engine = new EngineClient(
  workerTransport(new URL('./engine/small-worker.ts', import.meta.url)),
);
let count = 0;
let store: Store;
beforeEach(() => {
  store = openStore(join(root, `${(count += 1)}.db`));
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

function file(name: string): string {
  const path = join(root, name);
  writeFileSync(path, '');
  return path;
}

test('a model is named after its file or folder, and is added once', async () => {
  const folder = join(root, 'Llama-3.2-1B');
  mkdirSync(folder);
  const named = await addModel({ store, engine }, file('tiny.Q4_0.gguf'));
  expect(named.name).toBe('tiny.Q4_0');
  expect((await addModel({ store, engine }, folder)).name).toBe('Llama-3.2-1B');
  expect(await addModel({ store, engine }, named.path)).toEqual(named);
  expect(store.models.list()).toHaveLength(2);
});

test('a model that the engine refuses is not added', async () => {
  const refused = addModel({ store, engine }, join(root, 'missing.gguf'));
  await expect(refused).rejects.toMatchObject({ code: 'studio/not-found' });
  expect(store.models.list()).toEqual([]);
});

test('what comes with Lorikeet is entered once, and the starter model follows a moved cache', async () => {
  const samples = join(root, 'samples');
  mkdirSync(samples);
  writeFileSync(join(samples, 'a.train.jsonl'), '{}');
  writeFileSync(join(samples, 'README.md'), 'no data');
  const first = { starterModel: file('starter.gguf'), samples };
  expect(await enterStarters({ store, engine }, first)).toBe(true);
  expect(await enterStarters({ store, engine }, first)).toBe(false);
  expect(store.datasets.list().map(({ name }) => name)).toEqual(['a.train']);
  const [{ id } = { id: 0 }] = store.models.list();

  rmSync(first.starterModel);
  const moved = { starterModel: file('moved.gguf'), samples };
  expect(await enterStarters({ store, engine }, moved)).toBe(true);
  expect(store.models.list()).toMatchObject([
    { id, name: 'smollm2-135m-instruct', path: moved.starterModel },
  ]);
  const missing = { starterModel: join(root, 'none.gguf'), samples: join(root, 'none') };
  expect(await enterStarters({ store, engine }, missing)).toBe(false);
});

test('a model is found by its name or its path', async () => {
  const model = await addModel({ store, engine }, file('named.gguf'));
  expect(resolveModel(store, 'named')).toBe(model.path);
  expect(resolveModel(store, model.path)).toBe(model.path);
  expect(() => resolveModel(store, 'unnamed')).toThrow('There is no model unnamed.');
});

test('resources lie in the cache and the project, or with the packaged application', () => {
  const own = locateResources();
  expect(own.samples).toBe(new URL('../../resources/samples', import.meta.url).pathname);
  expect(own.starterModel).toMatch(/models\/smollm2-135m-instruct\/.*\.gguf$/);
  const packaged = locateResources('/opt/lorikeet/resources');
  expect(packaged.samples).toBe('/opt/lorikeet/resources/samples');
  expect(packaged.starterModel).toBe(
    '/opt/lorikeet/resources/models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf',
  );
});
