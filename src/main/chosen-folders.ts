/** The folders that a person has chosen for exports: the page remembers the last one over a restart, and so must main. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** The last ones that are kept. */
const most = 50;
const folders = z.array(z.string());

/** Those kept in the file `path`, oldest first; none if there is no file that can be read. */
export function readChosenFolders(path: string): string[] {
  try {
    return folders.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return [];
  }
}

/** Keeps the newest of them; it is not worth a message if that fails. */
export function keepChosenFolders(path: string, chosen: readonly string[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(chosen.slice(-most)));
  } catch {
    // The person then chooses the folder again after the next start.
  }
}
