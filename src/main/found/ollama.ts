/**
 * Ollama's store: a manifest for each tag, whose layer of the model names a blob, which is a GGUF file without that ending
 * (ollama, manifest/). In the second form manifests are blobs, too, that tags link to, and may be lists of several.
 */
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { fileState, type Candidate } from './candidate.ts';
import type { Walk } from './walk.ts';

/** The newer first, as Ollama looks for them. */
const manifestFolders = ['manifests-v2', 'manifest-v2', 'manifests'];
/** HOST, NAMESPACE and MODEL, in which tags lie. */
const depthOfTags = 3;

const layer = z.object({ mediaType: z.string(), digest: z.string() });
const single = z.object({ layers: z.array(layer) });
const reference = z.object({ digest: z.string() });
const list = z.object({ manifests: z.array(z.union([single, reference])) });
type Layers = z.output<typeof single>['layers'];

export async function findInOllama(walk: Walk, root: string): Promise<Candidate[]> {
  const byName = new Map<string, Candidate>();
  for (const folder of manifestFolders) {
    for (const { name, manifest } of await tagsIn(walk, join(root, folder))) {
      const found = byName.has(name) ? null : await candidate(root, name, manifest);
      if (found) byName.set(name, found);
    }
  }
  return [...byName.values()];
}

async function tagsIn(
  walk: Walk,
  manifests: string,
): Promise<{ name: string; manifest: string }[]> {
  const found: { name: string; manifest: string }[] = [];
  const below = async (folder: string, depth: number): Promise<void> => {
    for (const { path, isFile } of await walk.list(folder)) {
      if (isFile && depth === depthOfTags)
        found.push({ name: nameOf(relative(manifests, path)), manifest: path });
      else if (!isFile && depth < depthOfTags) await below(path, depth + 1);
    }
  };
  await below(manifests, 0);
  return found;
}

/** As Ollama shows it: without the host and namespace that it takes where none is said. */
function nameOf(place: string): string {
  const [host = '', namespace = '', model = '', tag = ''] = place.split(sep);
  const usualHost = host === 'registry.ollama.ai' || host === 'ollama.com';
  const before = [...(usualHost ? [] : [host]), ...(namespace === 'library' ? [] : [namespace])];
  return `${[...before, model].join('/')}:${tag}`;
}

/** Null for what is no manifest, and for models that Ollama does not keep here. */
async function candidate(root: string, name: string, manifest: string): Promise<Candidate | null> {
  const manifests = await layersOf(root, manifest);
  const blobs = manifests.flatMap((layers) => layers.filter(isModel).map(({ digest }) => digest));
  const [blob] = blobs.flatMap((digest) => blobPath(root, digest) ?? []);
  const state = blob === undefined ? null : await fileState(blob);
  if (state !== null)
    return { path: state.path, name, program: 'ollama', files: [state], bytes: state.size };
  const own = await fileState(manifest);
  if (own === null || manifests.length === 0) return null;
  const pieces = manifests.flat().some(({ mediaType }) => mediaType.endsWith('.image.tensor'));
  const code = pieces ? 'checkpoint/ollama-pieces' : 'checkpoint/ollama-blob-missing';
  const { problem } = lorikeetError(code, { path: manifest });
  return { path: manifest, name, program: 'ollama', files: [own], bytes: 0, problem };
}

const isModel = ({ mediaType }: Layers[number]): boolean =>
  mediaType === 'application/vnd.ollama.image.model';

/** Only what is a digest becomes a part of a path. */
function blobPath(root: string, digest: string): string | null {
  const hex = /^sha256[:-]([0-9a-f]{64})$/i.exec(digest)?.[1];
  return hex === undefined ? null : join(root, 'blobs', `sha256-${hex.toLowerCase()}`);
}

/** The layers of each model in a manifest; those of a list may be blobs of their own. */
async function layersOf(root: string, path: string): Promise<Layers[]> {
  const json = await readJson(path);
  const one = single.safeParse(json);
  if (one.success) return [one.data.layers];
  const several = list.safeParse(json);
  if (!several.success) return [];
  const each = several.data.manifests.map(async (manifest) => {
    if ('layers' in manifest) return manifest.layers;
    const blob = blobPath(root, manifest.digest);
    const found = single.safeParse(blob === null ? null : await readJson(blob));
    return found.success ? found.data.layers : [];
  });
  return (await Promise.all(each)).filter((layers) => layers.length > 0);
}

/** A manifest has a few lines, or some thousand where each tensor is a layer. */
const mostBytes = 4 << 20;

async function readJson(path: string): Promise<unknown> {
  const state = await fileState(path);
  if (state === null || state.size > mostBytes) return null;
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
