/** Models and data files that are ready to be chosen: what was added, and what comes with Lorikeet. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { starterModelName } from '../shared/cache-layout.mjs';
import type { DataReport } from '../shared/contract/data-report.ts';
import type { ModelDescription, ModelRecord } from '../shared/contract/records.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import type { EngineClient } from './engine-client.ts';
import type { Resources } from './resources.ts';
import type { Store } from './store/database.ts';

export type Library = { store: Store; engine: EngineClient };

/** Looks into a model's files and enters it under their name. Fails with what the engine finds wrong. */
export async function addModel(
  { store, engine }: Library,
  path: string,
  name?: string,
): Promise<ModelRecord> {
  const absolute = modelPathOf(path);
  const description = await engine.call('model.inspect', { path: absolute });
  const own = name ?? basename(absolute, extname(absolute) === '.gguf' ? '.gguf' : '');
  return store.models.put({ name: own, path: absolute, description, addedAt: Date.now() });
}

/** What is known of the model at a path, or what its files say of one that is not in the library. */
export async function describeModel(
  { store, engine }: Library,
  path: string,
): Promise<ModelDescription> {
  return store.models.byPath(path)?.description ?? (await engine.call('model.inspect', { path }));
}

/** Enters the starter model and the sample data, as far as they are there and not known yet. True if something changed. */
export async function enterStarters(library: Library, resources: Resources): Promise<boolean> {
  const model = await enterStarterModel(library, resources.starterModel);
  const samples = await enterSamples(library, resources.samples);
  return model || samples;
}

async function enterStarterModel(library: Library, path: string): Promise<boolean> {
  const { models } = library.store;
  if (!existsSync(path) || models.byPath(path) !== null) return false;
  const known = models.byName(starterModelName);
  // The cache was moved: the entry follows its file.
  if (known !== null && !existsSync(known.path)) models.move(known.id, path);
  else if (known === null) await addModel(library, path, starterModelName);
  else return false;
  return true;
}

async function enterSamples({ store, engine }: Library, folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const known = new Set(store.datasets.list().map(({ path }) => path));
  const files = readdirSync(folder)
    .filter((file) => extname(file) === '.jsonl')
    .sort()
    .map((file) => join(folder, file))
    .filter((path) => !known.has(path));
  for (const path of files)
    rememberDataset(
      store,
      await engine.call('data.inspect', {
        ...{ path, columns: [], model: null, sequenceLength: 512 },
        held: { validation: { kind: 'none' }, seed: 0 },
        ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
      }),
    );
  return files.length > 0;
}

/** Keeps a data file among those to choose from, if there is something to learn in it. True if it is new there. */
export function rememberDataset(store: Store, report: DataReport): boolean {
  if (report.examples === 0) return false;
  const before = store.datasets.list().length;
  store.datasets.put({
    name: basename(report.path, extname(report.path)),
    path: report.path,
    examples: report.examples,
    addedAt: Date.now(),
  });
  return store.datasets.list().length > before;
}

/** The path of a model that is given by its name in the library or by its path. Fails with 'studio/not-found'. */
export function resolveModel(store: Store, nameOrPath: string): string {
  const named = store.models.byName(nameOrPath);
  if (named !== null) return named.path;
  const path = modelPathOf(nameOrPath);
  if (existsSync(path)) return path;
  throw lorikeetError('studio/not-found', { kind: 'model', name: nameOrPath });
}

/** The full path; a file inside a Hugging Face folder, such as its config.json or model.safetensors, stands for the folder. */
function modelPathOf(path: string): string {
  const full = resolve(path);
  const folder = dirname(full);
  const isModel = extname(full) === '.gguf' || !existsSync(join(folder, 'config.json'));
  return isModel || !statSync(full, { throwIfNoEntry: false })?.isFile() ? full : folder;
}
