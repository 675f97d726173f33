/** The safetensors files of a Hugging Face directory: one, or the shards that an index names. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { recordOf } from '../../../shared/first-wrong.ts';
import { readJsonObject } from './json-file.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors-file.ts';

const wholeName = 'model.safetensors';
export const indexName = 'model.safetensors.index.json';
const shard = /^model-\d+-of-\d+\.safetensors$/;

/** The name of the file that each tensor is in. */
type WeightMap = Readonly<Record<string, string>>;

/**
 * Opens the files, with the tensors that their index names and none of them holds, and a sentence for each other thing that the
 * folder or its index says otherwise. Errors: checkpoint/no-weights, checkpoint/missing-files, checkpoint/bad-json, those of safetensors files.
 */
export function openWeightFiles(path: string): {
  files: SafetensorsFile[];
  absent: string[];
  notices: string[];
} {
  const map = existsSync(join(path, wholeName)) ? null : readWeightMap(path);
  const names = map === null ? [wholeName] : [...new Set(Object.values(map))];
  const files = new Map<string, SafetensorsFile>();
  try {
    for (const name of names) files.set(name, openSafetensors(join(path, name)));
    const notices = [...(map === null ? [] : tellMap(map, files)), ...tellOthers(path, names)];
    const held = new Set([...files.values()].flatMap(({ tensors }) => [...tensors.keys()]));
    const absent = Object.keys(map ?? {}).filter((name) => !held.has(name));
    return { files: [...files.values()], absent, notices };
  } catch (error) {
    for (const file of files.values()) file.close();
    throw error;
  }
}

const index = z.object({ weight_map: recordOf(z.string(), z.string()) });

function readWeightMap(path: string): WeightMap {
  const indexPath = join(path, indexName);
  if (!existsSync(indexPath)) {
    const found = readdirSync(path).filter((name) => /\.(bin|pth?|h5|msgpack|onnx)$/.test(name));
    throw lorikeetError('checkpoint/no-weights', { path, found });
  }
  const parsed = index.safeParse(readJsonObject(indexPath));
  const map = parsed.success ? parsed.data.weight_map : {};
  const names = [...new Set(Object.values(map))];
  // A name that leaves the directory is none that a writer gives.
  if (names.length === 0 || names.some((name) => name !== basename(name) || name.includes('\\'))) {
    const reason = 'its weight_map does not name the files of this folder';
    throw lorikeetError('checkpoint/bad-json', { path: indexPath, reason });
  }
  const missing = names.filter((name) => !existsSync(join(path, name)));
  if (missing.length > 0) throw lorikeetError('checkpoint/missing-files', { path, files: missing });
  return map;
}

/** Where the index is about other files than those that are here. */
function tellMap(map: WeightMap, files: ReadonlyMap<string, SafetensorsFile>): string[] {
  const held = [...files.values()].flatMap(({ tensors }) => [...tensors.keys()]);
  const leftOut = held.filter((name) => map[name] === undefined);
  const misplaced = Object.entries(map).filter(
    ([name, file]) => held.includes(name) && !files.get(file)?.tensors.has(name),
  );
  const notices: string[] = [];
  if (leftOut.length > 0) {
    notices.push(
      `The model's ${indexName} leaves out tensors that its files hold: ${listed(leftOut, 3)}. They are read nevertheless.`,
    );
  }
  if (misplaced.length > 0) {
    const places = misplaced.map(([name, file]) => `${name} (${file})`);
    notices.push(
      `The model's ${indexName} names tensors in files that do not hold them: ${listed(places, 3)}. The files may come from different versions.`,
    );
  }
  return notices;
}

function tellOthers(path: string, names: readonly string[]): string[] {
  const others = readdirSync(path).filter((name) => shard.test(name) && !names.includes(name));
  if (others.length === 0) return [];
  const why = names.includes(wholeName)
    ? `beside its ${wholeName}, which is read alone as in transformers`
    : `that its ${indexName} does not name`;
  return [`The model's folder has shards ${why}: ${listed(others, 3)}. They are not read.`];
}
