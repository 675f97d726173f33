/**
 * TensorFlow's library finds its own symbols by itself. 400,000 of them are looked up when it is loaded, each in all libraries of the
 * process before it, of which Electron has a hundred: loading takes a third of the time.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindOwnSymbols } from './bound-symbols.ts';
import { mark } from './symbolic-mark.ts';

/** As the Apache License wants it of files that were changed. */
const changes =
  'Lorikeet has changed libtensorflow_cc.so.2: the entry of its dynamic section that names the loader is DT_SYMBOLIC, and relocations by symbols of its own are R_X86_64_RELATIVE.\n';

/** In a folder with the files of TensorFlow that nobody uses yet: a library that is changed by half would not work. */
export function findOwnSymbols(folder: string): void {
  const library = join(folder, 'tensorflow/libtensorflow_cc.so.2');
  if (!mark(library)) return;
  bindOwnSymbols(library);
  writeFileSync(join(folder, 'tensorflow/CHANGES.txt'), changes);
}
