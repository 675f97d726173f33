/** Output files that are either there whole or not at all. */
import { existsSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { originPath } from '../origin/origin-file.ts';
import { checkPlace, inPartialFolder, targetOf, type Placed } from './output-folder.ts';

/**
 * Lets `write` make the file of this name in a temporary folder beside `path` and moves it to its place at the end, with
 * neighbours whose names go on from its own ('model.gguf.origin.json'); see `withOutputFolder`. Nothing is overwritten: where
 * a file came to be meanwhile, the result takes a free name beside it.
 * Errors: output/exists, output/not-writable, output/disk-full, and whatever `write` throws.
 */
export async function withOutputFile<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
  needed: number | null = null,
): Promise<Placed<T>> {
  const target = await targetOf(path);
  checkFree(target);
  return inPartialFolder(target, needed, async (partial) => {
    const result = await write(join(partial.path, basename(target)));
    const place = freeName(target);
    // The file comes last: with it the whole is there.
    const names = (await readdir(partial.path)).sort((a, b) => b.length - a.length);
    for (const name of names) {
      await rename(join(partial.path, name), place + name.slice(basename(target).length));
    }
    const { problem } = lorikeetError('output/exists', { path: target });
    return { path: place, result, moved: place === target ? null : problem };
  });
}

/** Throws what `withOutputFile` would throw before it writes, for a check before long work. Leaves nothing behind. */
export async function checkOutputFile(path: string): Promise<void> {
  const target = await targetOf(path);
  checkFree(target);
  await checkPlace(target);
}

/** Throws where the file or a neighbour is there. */
function checkFree(path: string): void {
  const there = besides(path).find((each) => existsSync(each));
  if (there !== undefined) throw lorikeetError('output/exists', { path: there });
}

/** The file, and what may lie beside it. */
function besides(path: string): string[] {
  return [path, originPath(path)];
}

/** 'model.gguf', 'model-2.gguf' … */
function freeName(path: string): string {
  const ending = extname(path);
  const stem = join(dirname(path), basename(path, ending));
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${stem}-${number}${ending}`;
    if (!besides(name).some((each) => existsSync(each))) return name;
  }
}
