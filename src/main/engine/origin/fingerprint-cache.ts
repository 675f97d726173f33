/** Remembers the sha256 of files that have not changed since they were read: a base of many gigabytes is read once for it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { cacheLayout } from '../../../shared/cache-layout.mjs';

/** By the full path of each file, the oldest entry first. */
const entries = z.record(z.string(), z.object({ stamp: z.string(), sha256: z.string() }));

/** The entry that a further one pushes out is the oldest. */
const mostEntries = 256;

/** A file that changed less than this before it was read might change once more with the same times. */
const settledMs = 2_000;

/** A state of a file: its content is taken to be the same while its size, times and number on the disk are. */
export type FileState = { path: string; stamp: string; changedAtMs: number };

/** Null where nothing of this name can be looked at. */
export function stateOf(path: string): FileState | null {
  try {
    const { size, mtimeNs, ctimeNs, ctimeMs, ino } = statSync(path, { bigint: true });
    return { path, stamp: [size, mtimeNs, ctimeNs, ino].join(' '), changedAtMs: Number(ctimeMs) };
  } catch {
    return null;
  }
}

function fingerprintsFile(environment: NodeJS.ProcessEnv = process.env): string {
  return cacheLayout(environment, homedir()).fingerprints;
}

/** The sha256 of a file in this state, where it was read in it before. */
export function recall({ path, stamp }: FileState, cache = fingerprintsFile()): string | null {
  const known = readEntries(cache)[path];
  return known?.stamp === stamp ? known.sha256 : null;
}

/** Keeps what was read from `readAtMs` on. A cache that cannot be written costs reading the file again, and no more. */
export function remember(
  { path, stamp, changedAtMs }: FileState,
  sha256: string,
  readAtMs: number,
  cache = fingerprintsFile(),
): void {
  if (readAtMs - changedAtMs < settledMs) return;
  const others = Object.entries(readEntries(cache)).filter(([name]) => name !== path);
  const kept = others.slice(1 - mostEntries);
  const text = JSON.stringify(Object.fromEntries([...kept, [path, { stamp, sha256 }]]));
  try {
    mkdirSync(dirname(cache), { recursive: true });
    // Other processes see the file before or the file after.
    const partial = `${cache}.${process.pid}-${randomBytes(4).toString('hex')}`;
    writeFileSync(partial, text);
    renameSync(partial, cache);
  } catch {
    return;
  }
}

function readEntries(cache: string): z.output<typeof entries> {
  try {
    return entries.parse(JSON.parse(readFileSync(cache, 'utf8')));
  } catch {
    return {};
  }
}
