/** A walk through folders of other programs that only reads, and ends after so many entries or so much time. */
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export type Entry = { name: string; path: string; isFile: boolean };

export class Walk {
  #entriesLeft: number;
  readonly #until: number;
  /** There is more than could be looked through. */
  cut = false;

  constructor(limits: { entries: number; milliseconds: number }) {
    this.#entriesLeft = limits.entries;
    this.#until = performance.now() + limits.milliseconds;
  }

  /**
   * What is in a folder, by name; nothing where it cannot be read. Links count where they lead to a file: those to folders could
   * lead anywhere, and back.
   */
  async list(folder: string): Promise<Entry[]> {
    const found: Entry[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (this.#isOver()) break;
        const path = join(folder, entry.name);
        const isFile = entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(path)));
        if (isFile || entry.isDirectory()) found.push({ name: entry.name, path, isFile });
      }
    } catch {
      // It is not there, or not for us.
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #isOver(): boolean {
    this.#entriesLeft -= 1;
    if (this.#entriesLeft < 0 || performance.now() > this.#until) this.cut = true;
    return this.cut;
  }
}

async function leadsToFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
