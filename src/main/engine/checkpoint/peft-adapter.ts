/** LoRA adapters in PEFT's directory format: adapter_config.json and adapter_model.safetensors. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { howMany } from '../../../shared/how-many.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listed } from '../../../shared/errors/listed.ts';
import { allFinite } from '../numbers/float-formats.ts';
import { loraScaling, type Adapter, type AdapterModule } from './adapter.ts';
import { readJsonObject } from './json-file.ts';
import { parsePeftConfig, type PeftConfig } from './peft-config.ts';
import { peftConfig, type AdapterBase } from './peft-config-writer.ts';
import { savedEmbeddings } from './saved-embeddings.ts';
import {
  readLabels,
  readSavedHead,
  savedHead,
  savedTensorName,
  writeLabels,
  type SavedHead,
} from './saved-head.ts';
import { isOfExpert, isStacked } from './stacked-adapters.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors-file.ts';
import { writeSafetensors, type TensorSource } from './safetensors-writer.ts';

const configName = 'adapter_config.json';
const tensorsName = 'adapter_model.safetensors';
/** What an adapter is made of, in its folder. */
export const adapterFileNames = [configName, tensorsName] as const;

/** An adapter with what a person should know of its files. */
export type ReadAdapter = Adapter & {
  /** One sentence for each thing in the files that has no effect. */
  readonly notices: readonly string[];
  /** What of the base's embeddings was saved along, by the base's names; see saved-embeddings.ts. */
  readonly embeddings: readonly string[];
  /** Modules on the matrices of all experts at once, by the tensors that they adapt; see stacked-adapters.ts. */
  readonly stacked: ReadonlyMap<string, AdapterModule>;
};

/** Paths of modules of an adapter's base: of its linear layers, and of everything that has weights. */
export type BaseModules = { linears: readonly string[]; all: readonly string[] };

/** The folder of an adapter that is named by its folder or by one of its two files. */
export function adapterFolder(path: string): string {
  const isFile = [configName, tensorsName].includes(basename(path)) && existsSync(path);
  return isFile ? dirname(path) : path;
}

/** The files that make an adapter what it is, in its folder. */
export function adapterPaths(folder: string): string[] {
  return adapterFileNames.map((name) => join(folder, name));
}

/** The file of tensors in an adapter's folder. */
export function tensorsPathOf(folder: string): string {
  return join(folder, tensorsName);
}

/**
 * Reads an adapter from its folder. It has the modules that the tensors and the config have in common, as in PEFT.
 * @param base where that is known: what the config selects and the file lacks is told, and what it names and nobody has
 * Errors: adapter/not-found, adapter/bad-config, adapter/unsupported-options, adapter/bad-tensors, and those
 * of safetensors files (checkpoint/*).
 */
export function readAdapter(
  folder: string,
  base: BaseModules = { linears: [], all: [] },
): ReadAdapter {
  const configPath = join(folder, configName);
  if (!existsSync(configPath)) throw lorikeetError('adapter/not-found', { path: folder });
  const json = readJsonObject(configPath);
  const tensorsPath = tensorsPathOf(folder);
  if (!existsSync(tensorsPath)) throw lorikeetError('adapter/no-weights', { path: folder });
  const file = openSafetensors(tensorsPath);
  try {
    const embeddings = savedEmbeddings(file.tensors.keys());
    const head = savedHead(json, file.tensors.keys());
    const config = parsePeftConfig(withoutSaved(json, embeddings, head), configPath);
    const { modules, stacked, unused } = readModules(file, config, new Set(head.tensors.values()));
    const { baseModel, rank, alpha, dropout, useRslora, useDora, taskType } = config;
    const settings = { baseModel, rank, alpha, dropout, useRslora, useDora, taskType };
    // Adapters on all experts at once are those of every expert's matrices.
    const others = base.linears.filter((path) => stacked.size === 0 || !isOfExpert(path));
    const both = new Map([...modules, ...stacked]);
    const notices = noticesOf(config, both, unused, { ...base, linears: others });
    const saved = readSavedHead(file, head);
    const labels = saved.size > 0 ? readLabels(folder) : null;
    const read = { ...settings, modules, stacked, saved, labels, notices, embeddings };
    const { revision } = json;
    return {
      ...read,
      savedModules: head.declared,
      ...(typeof revision === 'string' && { revision }),
    };
  } finally {
    file.close();
  }
}

/** The config without `modules_to_save` where all that it names are the head, and embeddings, which are held against the base. */
function withoutSaved(
  json: Record<string, unknown>,
  embeddings: readonly string[],
  head: SavedHead,
): Record<string, unknown> {
  const { modules_to_save: saved, ...others } = json;
  const isThere = (name: unknown) =>
    head.modules.has(String(name)) ||
    embeddings.some((tensor) => `.${tensor}`.endsWith(`.${String(name)}.weight`));
  return Array.isArray(saved) && saved.every(isThere) ? others : json;
}

function noticesOf(
  config: PeftConfig,
  read: ReadonlyMap<string, AdapterModule>,
  unused: readonly string[],
  base: BaseModules,
): string[] {
  const notices: string[] = [];
  const modules = [...read.keys()];
  if (!config.selective) {
    notices.push(
      `The adapter's ${configName} names no target_modules: all that its file has something for are taken.`,
    );
  }
  if (unused.length > 0) {
    notices.push(
      `The adapter's tensors for ${listed(unused, 4)} are not used: they are not among the modules that its ${configName} selects.`,
    );
  }
  const has = (path: string) => modules.some((module) => `.${path}`.endsWith(`.${module}`));
  const missing = config.selective
    ? base.linears.filter((path) => config.selects(path) && !has(path))
    : [];
  if (missing.length > 0) {
    notices.push(
      `The adapter's ${configName} selects ${howMany(missing.length, 'module')} that its file has nothing for, such as ${missing[0] ?? ''}: there the base stays as it is.`,
    );
  }
  const still = [...read].filter(([, { alpha }]) => alpha === 0).map(([path]) => path);
  if (still.length > 0) {
    notices.push(`The adapter changes nothing in ${listed(still, 4)}: alpha is 0 there.`);
  }
  const idle = config.idle([...modules, ...unused], base.all);
  if (idle.length > 0) {
    notices.push(`Of the adapter's ${configName} nothing fits ${listed(idle, 4)}.`);
  }
  return notices;
}

/**
 * Writes an adapter into an existing folder, float32. `base` is null where nothing is known of its base model.
 * The folder comes from `withOutputFolder`, which also reports a full disk.
 */
export async function writeAdapter(
  path: string,
  adapter: Adapter,
  base: AdapterBase | null,
): Promise<void> {
  const tensors = [...adapter.modules].flatMap(([module, each]): TensorSource[] => [
    { name: tensorName(module, 'A'), shape: [each.rank, each.in], values: () => each.a },
    { name: tensorName(module, 'B'), shape: [each.out, each.rank], values: () => each.b },
    ...magnitudeSource(module, each),
  ]);
  for (const [name, { shape, values }] of adapter.saved) {
    tensors.push({ name: savedTensorName(name), shape, values: () => values });
  }
  await writeSafetensors(join(path, tensorsName), tensors, 'float32');
  const config = JSON.stringify(peftConfig(adapter, base), null, 2);
  await writeFile(join(path, configName), `${config}\n`);
  if (adapter.labels) await writeLabels(path, adapter.labels);
}

function magnitudeSource(path: string, { magnitude, out }: AdapterModule): TensorSource[] {
  if (magnitude === null) return [];
  return [{ name: magnitudeName(path), shape: [out], values: () => magnitude }];
}

/** PEFT writes this one without `.weight`. */
function magnitudeName(module: string): string {
  return `base_model.model.${module}.lora_magnitude_vector`;
}

function tensorName(module: string, part: 'A' | 'B'): string {
  return `base_model.model.${module}.lora_${part}.weight`;
}

/** The modules that the config selects, and the paths of the others. */
function readModules(
  file: SafetensorsFile,
  config: PeftConfig,
  inHead: ReadonlySet<string>,
): {
  modules: Map<string, AdapterModule>;
  stacked: Map<string, AdapterModule>;
  unused: string[];
} {
  const problems: string[] = [];
  const paths = new Set<string>();
  for (const name of file.tensors.keys()) {
    if (name.endsWith('.lora_magnitude_vector') && !config.useDora) {
      problems.push(`${name} belongs to DoRA, and the config does not say use_dora`);
    }
    if (inHead.has(name) || savedEmbeddings([name]).length > 0) continue;
    const match = /^base_model\.model\.(.+)\.(?:lora_[AB]\.weight|lora_magnitude_vector)$/.exec(
      name,
    );
    if (match?.[1] === undefined) problems.push(`${name} is not part of a plain LoRA adapter`);
    else paths.add(match[1]);
  }
  if (problems.length === 0 && paths.size === 0) problems.push('there is no tensor in it');
  const modules = new Map<string, AdapterModule>();
  const stacked = new Map<string, AdapterModule>();
  const unused = [...paths].filter((path) => !config.selects(path));
  if (paths.size > 0 && unused.length === paths.size) {
    problems.push(`${configName} selects none of the modules in it`);
  }
  for (const path of paths) {
    if (!config.selects(path)) continue;
    const module = readModule(file, config, path);
    if (typeof module === 'string') problems.push(module);
    else if (isStacked(path)) stacked.set(config.adapted(path), module);
    else modules.set(path, module);
  }
  if (problems.length > 0)
    throw lorikeetError('adapter/bad-tensors', { path: file.path, problems });
  return { modules, stacked, unused };
}

/** One module, or what is wrong with it. */
function readModule(
  file: SafetensorsFile,
  config: PeftConfig,
  path: string,
): AdapterModule | string {
  const shapeA = file.tensors.get(tensorName(path, 'A'))?.shape;
  const shapeB = file.tensors.get(tensorName(path, 'B'))?.shape;
  if (shapeA === undefined) return `${path} has a B and no A`;
  if (shapeB === undefined) return `${path} has an A and no B`;
  const [rank, inputs] = shapeA;
  const [outputs, rankB] = shapeB;
  const shapes = `A [${shapeA.join(', ')}] and B [${shapeB.join(', ')}]`;
  if (rank === undefined || inputs === undefined || outputs === undefined || rankB === undefined) {
    return `${path}: ${shapes} are no matrices`;
  }
  if (shapeA.length !== 2 || shapeB.length !== 2 || rank !== rankB || rank === 0) {
    return `${path}: ${shapes} have no rank in common`;
  }
  const expected = config.rankOf(path);
  // Of all experts together it is a multiple, and of how many experts the model has to say.
  const fits = isStacked(path) ? rank % expected === 0 : rank === expected;
  if (!fits) return `${path}: ${shapes}, but ${configName} gives it rank ${expected}`;
  const a = file.read(tensorName(path, 'A'));
  const b = file.read(tensorName(path, 'B'));
  if (!allFinite(a) || !allFinite(b)) {
    return `${path} has values that are not finite`;
  }
  const magnitude = config.useDora ? readMagnitude(file, path, outputs) : null;
  if (typeof magnitude === 'string') return magnitude;
  const alpha = config.alphaOf(path);
  const scaling = loraScaling(expected, alpha, config.useRslora);
  return { rank, alpha, scaling, a, b, magnitude, in: inputs, out: outputs };
}

/** DoRA's row lengths, or what is wrong with them. */
function readMagnitude(file: SafetensorsFile, path: string, out: number): Float32Array | string {
  const shape = file.tensors.get(magnitudeName(path))?.shape;
  if (shape === undefined) return `${path} has no magnitude, and the config says that it is DoRA`;
  if (shape.length !== 1 || shape[0] !== out) {
    return `${path}: the magnitude is [${shape.join(', ')}] for ${out} rows`;
  }
  const magnitude = file.read(magnitudeName(path));
  return allFinite(magnitude) ? magnitude : `${path} has values that are not finite`;
}
