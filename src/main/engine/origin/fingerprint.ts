/** The sha256 of a file of any size, read piece by piece between other work of the thread. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Fingerprint } from '../../../shared/contract/origin.ts';
import { openFileBytes, type FileBytes } from '../checkpoint/file-bytes.ts';
import { recall, remember, stateOf } from './fingerprint-cache.ts';

export type Reading = {
  /** Aborting ends the reading with the reason of the signal. */
  signal?: AbortSignal;
  /** Called with the bytes of each piece that was read. */
  onBytes?: (bytes: number) => void;
  /** Where fingerprints are remembered, if not in the user's cache folder. */
  cache?: string;
};

/** A piece is hashed within 20 ms, during which this thread does nothing else; the next is read on another one. */
const pieceBytes = 8 << 20;

/** Errors: checkpoint/cut-short, checkpoint/unreadable. */
export async function fingerprintOf(path: string, reading: Reading = {}): Promise<Fingerprint> {
  const { cache } = reading;
  const full = resolve(path);
  const readAt = Date.now();
  const state = stateOf(full);
  const file = openFileBytes(full);
  try {
    const known = state && recall(state, cache);
    if (known !== null) return { path: full, sha256: known, bytes: file.size };
    const sha256 = await hashOf(file, reading);
    // One that was written to meanwhile has no one content to remember.
    if (state && stateOf(full)?.stamp === state.stamp) remember(state, sha256, readAt, cache);
    return { path: full, sha256, bytes: file.size };
  } finally {
    file.close();
  }
}

/** The same, remembered nowhere: of a file that is read for it once. Errors: those of `fingerprintOf`. */
export async function sha256Of(path: string): Promise<string> {
  const file = openFileBytes(path);
  try {
    return await hashOf(file, {});
  } finally {
    file.close();
  }
}

async function hashOf(file: FileBytes, { signal, onBytes }: Reading): Promise<string> {
  const hash = createHash('sha256');
  const room = new Uint8Array(Math.min(pieceBytes, file.size));
  for (let done = 0; done < file.size; done += room.length) {
    signal?.throwIfAborted();
    const piece = room.subarray(0, Math.min(room.length, file.size - done));
    await file.readLater(piece, done);
    hash.update(piece);
    onBytes?.(piece.length);
  }
  return hash.digest('hex');
}
