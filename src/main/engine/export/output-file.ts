/** Output files that are either there whole or not at all. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { named, PartialFolder, targetOf, type Placed } from './output-folder.ts';

/**
 * Lets `write` make the file of this name in a temporary folder beside `path` and moves it to its place at the end; see
 * `withOutputFolder`. Nothing is overwritten: where a file came to be meanwhile, the result takes a free name beside it.
 * Errors: output/exists, output/not-writable, output/disk-full, and whatever `write` throws.
 */
export async function withOutputFile<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
  needed: number | null = null,
): Promise<Placed<T>> {
  const target = await targetOf(path);
  const taken = () => lorikeetError('output/exists', { path: target });
  if (existsSync(target)) throw taken();
  const partial = new PartialFolder(target);
  try {
    await partial.make();
    const temporary = join(partial.path, basename(target));
    const result = await write(temporary);
    const place = freeName(target);
    await rename(temporary, place);
    await partial.remove();
    return { path: place, result, moved: place === target ? null : taken().problem };
  } catch (error) {
    await partial.remove();
    throw named(error, target, needed);
  }
}

/** Throws what `withOutputFile` would throw before it writes, for a check before long work. Leaves nothing behind. */
export async function checkOutputFile(path: string): Promise<void> {
  const target = await targetOf(path);
  if (existsSync(target)) throw lorikeetError('output/exists', { path: target });
  const partial = new PartialFolder(target);
  try {
    await partial.make();
  } catch (error) {
    throw named(error, target);
  } finally {
    await partial.remove();
  }
}

/** 'model.gguf', 'model-2.gguf' … */
function freeName(path: string): string {
  const ending = extname(path);
  const stem = join(dirname(path), basename(path, ending));
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${stem}-${number}${ending}`;
    if (!existsSync(name)) return name;
  }
}
