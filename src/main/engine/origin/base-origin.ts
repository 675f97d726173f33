/** Which base it is, whatever its place: the fingerprint of what of its files makes the model. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { BaseOrigin } from '../../../shared/contract/origin.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { recall, stateOf } from './fingerprint-cache.ts';
import { fingerprintOf, type Reading } from './fingerprint.ts';
import { originOf } from './origin-file.ts';

type Base = Pick<Checkpoint, 'path' | 'format' | 'files'>;

/**
 * Reads the base's files, as far as it is not known what is in them.
 * Errors: checkpoint/cut-short, checkpoint/unreadable.
 */
export async function baseOrigin(
  base: Base,
  tell: (text: string) => void,
  reading: Reading = {},
): Promise<BaseOrigin> {
  const hashes: string[] = [];
  for (const file of base.files) hashes.push((await fingerprintOf(file, reading)).sha256);
  const path = resolve(base.path);
  return {
    ...{ path, name: basename(path), format: base.format },
    ...{ sha256: hashOfBase(base, hashes), bytes: bytesOf(base) },
    origin: originOf(path, tell),
  };
}

/** What all files of the base take on the disk. */
export function bytesOf({ files }: Pick<Base, 'files'>): number {
  return files.reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** The fingerprint of the base where it is at hand without reading gigabytes, else null. */
export function knownBaseHash(base: Base, cache?: string): string | null {
  const hashes = base.files.flatMap((file) => {
    const state = stateOf(resolve(file));
    return (state && recall(state, cache)) ?? [];
  });
  return hashes.length === base.files.length ? hashOfBase(base, hashes) : null;
}

/**
 * Of a GGUF file its sha256. Of a Hugging Face directory the sha256 of what `sha256sum` prints for its files, sorted by name:
 * `sha256sum config.json model.safetensors tokenizer.json | sha256sum`.
 */
function hashOfBase({ format, files }: Base, hashes: readonly string[]): string {
  if (format === 'gguf') return hashes.join('');
  const lines = files.map((file, index) => ({ name: basename(file), hash: hashes[index] ?? '' }));
  lines.sort((one, other) => (one.name < other.name ? -1 : 1));
  return createHash('sha256')
    .update(lines.map(({ name, hash }) => `${hash}  ${name}\n`).join(''))
    .digest('hex');
}
