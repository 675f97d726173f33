/**
 * TensorFlow's library finds its own symbols by itself. 400,000 of them are looked up when it is loaded, each in all libraries of the
 * process before it, of which Electron has a hundred: loading takes a third of the time.
 */
import { constants, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { place } from '../lib/place.ts';
import { bindOwnSymbols } from './bound-symbols.ts';
import type { Step } from './step.ts';
import { mark } from './symbolic-mark.ts';

const name = 'libtensorflow_cc.so.2';
/** As the Apache License wants it of files that were changed. */
const changed = `Lorikeet has changed ${name}: the entry of its dynamic section that names the loader is DT_SYMBOLIC, and places that hold the address of one of its own symbols are relocated by R_X86_64_RELATIVE.\n`;
const unchanged = `Lorikeet has changed nothing in ${name}.\n`;
const note = (folder: string): string => join(folder, 'CHANGES.txt');

/** For a folder with libraries of TensorFlow that nobody uses yet: a process may be loading what is in use. */
export function findOwnSymbols(folder: string): void {
  writeFileSync(note(folder), change(join(folder, name)));
}

/** Gives what there is to say of it. */
function change(library: string): string {
  if (!mark(library)) return unchanged;
  bindOwnSymbols(library);
  return changed;
}

/** The same for the library in `folder()`, which is there from before that was done while it is unpacked. */
export const ownSymbols = (folder: () => string): Step => ({
  name: "TensorFlow's own symbols first",
  done: () => {
    const path = note(folder());
    return existsSync(path) && [changed, unchanged].includes(readFileSync(path, 'utf8'));
  },
  run: async () => {
    const library = join(folder(), name);
    let said = unchanged;
    await place(library, (beside) => {
      const copy = join(beside, name);
      copyFileSync(library, copy, constants.COPYFILE_FICLONE);
      said = change(copy);
      return Promise.resolve(copy);
    });
    writeFileSync(note(folder()), said);
  },
});
