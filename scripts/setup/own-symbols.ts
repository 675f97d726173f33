/**
 * TensorFlow's library finds its own symbols by itself. 400,000 of them are looked up when it is loaded, each in all libraries of the
 * process before it, of which Electron has a hundred: the mark takes more than half of that time away, and what is bound half of the rest.
 */
import { constants, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { place } from '../lib/place.ts';
import { bindOwnSymbols } from './bound-symbols.ts';
import type { Step } from './step.ts';
import { mark } from './symbolic-mark.ts';
import { runtimeFolder } from './tensorflow.ts';

const name = 'libtensorflow_cc.so.2';
/** As the Apache License wants it of files that were changed. */
const changed = `Lorikeet has changed ${name}: the entry of its dynamic section that names the loader is DT_SYMBOLIC, and places that hold the address of one of its own symbols are relocated by R_X86_64_RELATIVE.\n`;
const unchanged = `Lorikeet has changed nothing in ${name}.\n`;
const note = (folder: string): string => join(folder, 'CHANGES.txt');
const folder = (): string => join(runtimeFolder(), 'tensorflow');

export const ownSymbols: Step = {
  name: "TensorFlow's own symbols first",
  done: () => findsOwnSymbols(folder()),
  run: () => findOwnSymbols(folder()),
};

/** Whether all that can be done for the library in the folder was done, by the note beside it. */
export function findsOwnSymbols(folder: string): boolean {
  const path = note(folder);
  return existsSync(path) && [changed, unchanged].includes(readFileSync(path, 'utf8'));
}

/** Changes a copy of the library and puts it in place: a process may be loading the old one. */
export async function findOwnSymbols(folder: string): Promise<void> {
  const library = join(folder, name);
  let said = unchanged;
  await place(library, (beside) => {
    const copy = join(beside, name);
    copyFileSync(library, copy, constants.COPYFILE_FICLONE);
    if (mark(copy)) {
      bindOwnSymbols(copy);
      said = changed;
    }
    return Promise.resolve(copy);
  });
  writeFileSync(note(folder), said);
}
