/** New files of main that are there whole or not at all, and never take the place of another. */
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, basename } from 'node:path';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { fileReason } from '../shared/errors/file-reason.ts';
import { flush } from './system/flush.ts';
import { partialName } from './system/partial-name.ts';

/** Writes the text beside `path` first; where a file of this name is there, under the next free one: 'chat-2.jsonl'. Gives its path. */
export function writeNewFile(path: string, text: string): string {
  const folder = dirname(path);
  const partial = join(folder, partialName(basename(path)));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(partial, text, { flag: 'wx' });
    flush(partial);
    const place = freeName(path);
    // Fails where a file came to be meanwhile, which a renaming would replace.
    linkSync(partial, place);
    return place;
  } catch (cause) {
    throw lorikeetError('output/not-writable', { path, reason: fileReason(cause) }, { cause });
  } finally {
    rmSync(partial, { force: true });
  }
}

function freeName(path: string): string {
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? path : `${stem}-${number}${ending}`;
    if (!existsSync(name)) return name;
  }
}
