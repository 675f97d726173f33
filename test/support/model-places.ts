/** Small models in the places where other programs keep theirs, laid out as those lay them out. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeGguf } from '../../src/main/engine/checkpoint/gguf-writer.ts';
import { string, uint32 } from '../../src/main/engine/model/gguf-form.ts';

const fixtures = new URL('../fixtures', import.meta.url).pathname;
/** Of test/fixtures. */
export const folderOf = (name: string): string => join(fixtures, 'models', name);
export const ggufOf = (name: string): string => join(fixtures, 'gguf', `${name}.gguf`);

export function write(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** A file at `path` that is a link to a blob of its content in `blobs`. */
function linked(path: string, blobs: string, content: Uint8Array): void {
  const blob = join(blobs, createHash('sha256').update(content).digest('hex'));
  write(blob, content);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(blob, path);
}

/**
 * A repository of Hugging Face's cache (huggingface_hub): `files` by their names in the snapshot.
 * Gives the snapshot.
 */
export function hubRepository(
  cache: string,
  repository: string,
  commit: string,
  files: Readonly<Record<string, Uint8Array>>,
): string {
  const folder = join(cache, `models--${repository.replaceAll('/', '--')}`);
  write(join(folder, 'refs', 'main'), commit);
  const snapshot = join(folder, 'snapshots', commit);
  for (const [name, content] of Object.entries(files))
    linked(join(snapshot, name), join(folder, 'blobs'), content);
  return snapshot;
}

/** The files of a folder of test/fixtures/models, with some changed, or left out where they are null. */
export function filesOf(
  name: string,
  changed: Readonly<Record<string, Uint8Array | null>> = {},
): Record<string, Uint8Array> {
  const folder = folderOf(name);
  const files: Record<string, Uint8Array> = {};
  for (const file of readdirSync(folder)) {
    const content = file in changed ? changed[file] : readFileSync(join(folder, file));
    if (content) files[file] = content;
  }
  return files;
}

/** The config.json of such a folder with some keys changed. */
export function configOf(name: string, changed: object): Uint8Array {
  const config: unknown = JSON.parse(readFileSync(join(folderOf(name), 'config.json'), 'utf8'));
  return Buffer.from(JSON.stringify(Object.assign({}, config, changed)));
}

type Layer = { mediaType: string; digest: string };

/** A blob of Ollama's store, as a layer of this kind. */
export function ollamaLayer(store: string, kind: string, content: Uint8Array): Layer {
  const hex = createHash('sha256').update(content).digest('hex');
  write(join(store, 'blobs', `sha256-${hex}`), content);
  return { mediaType: `application/vnd.ollama.image.${kind}`, digest: `sha256:${hex}` };
}

/** A tag in the first form: the manifest itself. `place`: 'HOST/NAMESPACE/MODEL/TAG'. */
export function ollamaTag(store: string, place: string, manifest: object): void {
  write(join(store, 'manifests', place), JSON.stringify(manifest));
}

/** A tag in the second form: a link to the manifest among the blobs. */
export function ollamaLink(store: string, place: string, manifest: object): void {
  const { digest } = ollamaLayer(store, 'manifest', Buffer.from(JSON.stringify(manifest)));
  const tag = join(store, 'manifests-v2', place);
  mkdirSync(dirname(tag), { recursive: true });
  symlinkSync(join(store, 'blobs', digest.replace(':', '-')), tag);
}

/** The first two of three parts of a model, as llama-gguf-split writes them. */
export async function splitModel(folder: string, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const pairs = (part: number) =>
    new Map([
      ['general.architecture', string('llama')],
      ['split.no', uint32(part)],
      ['split.count', uint32(3)],
    ]);
  for (const part of [0, 1])
    await writeGguf(join(folder, `${name}-0000${part + 1}-of-00003.gguf`), pairs(part), []);
}

export function copied(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}
