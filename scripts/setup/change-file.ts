/** Changes a file in some places of it. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Read } from './elf.ts';

/** What `work` makes of the file at `path`, given its descriptor for writing, and a way to read it. */
export function changeFile<T>(path: string, work: (file: number, read: Read) => T): T {
  const file = openSync(path, 'r+');
  try {
    return work(file, (from, bytes) => {
      const buffer = Buffer.alloc(bytes);
      return buffer.subarray(0, readSync(file, buffer, 0, bytes, Number(from)));
    });
  } finally {
    closeSync(file);
  }
}
