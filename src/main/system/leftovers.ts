/** Finds the folders that a process left half written when it was killed, and takes them away. */
import { existsSync, readdirSync, rmSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { partialOwner, thisOwner, type PartialOwner } from './partial-name.ts';
import { ticksOf } from './process-start.ts';

/** Whoever wrote on another machine, or before this boot, is believed gone when nothing has changed for so long; milliseconds. */
const quietMs = 24 * 3600 * 1000;

/**
 * Removes what is left in these folders and gives the paths; what cannot be removed stays for the next time. Only folders are
 * taken whose names this program made, and whose process is gone.
 */
export function removeLeftovers(folders: readonly string[]): string[] {
  const own = thisOwner();
  return [...new Set(folders)].flatMap((folder) =>
    entriesOf(folder).flatMap((entry) => {
      const path = join(folder, entry.name);
      const owner = entry.isDirectory() ? partialOwner(entry.name) : null;
      if (owner === null || !isGone(owner, own, path)) return [];
      try {
        rmSync(path, { recursive: true });
        return [path];
      } catch {
        return [];
      }
    }),
  );
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isGone({ pid, ticks, place }: PartialOwner, own: PartialOwner, path: string): boolean {
  // Numbers of processes mean nothing here: it may be at work on another machine that shares the disk.
  if (place !== own.place || ticks === '') return isQuiet(path);
  return ticksOf(pid) !== ticks;
}

/** Nothing in it has changed for long. */
function isQuiet(path: string): boolean {
  const times = [path, ...entriesOf(path).map(({ name }) => join(path, name))].flatMap((each) =>
    existsSync(each) ? [statSync(each).mtimeMs] : [],
  );
  return Date.now() - Math.max(...times) > quietMs;
}
