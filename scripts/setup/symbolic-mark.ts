/** The mark of a library that is searched first for its own symbols: DT_SYMBOLIC in its dynamic section (elf(5)). */
import { writeSync } from 'node:fs';
import { changeFile } from './change-file.ts';
import { dynamicEntryBytes, readElf, type Elf, type Read } from './elf.ts';

const tag = { needed: 1n, strings: 5n, symbolic: 16n } as const;

/** Whether the library at `path` is marked now. False for one that does not name the loader, and for any other file. */
export function mark(path: string): boolean {
  return changeFile(path, (file, read) => {
    const elf = readElf(read);
    if (elf === null) return false;
    if (elf.dynamic.some((entry) => entry.tag === tag.symbolic)) return true;
    const entry = entryToMark(elf, read);
    if (entry === null) return false;
    const symbolic = Buffer.alloc(dynamicEntryBytes);
    symbolic.writeBigUInt64LE(tag.symbolic);
    writeSync(file, symbolic, 0, dynamicEntryBytes, entry);
    return true;
  });
}

/** Where in the file the entry lies that can become the mark: it says that the loader is needed, which is there in any case. */
function entryToMark({ start, dynamic, inFile }: Elf, read: Read): number | null {
  const strings = dynamic.find((entry) => entry.tag === tag.strings);
  if (!strings) return null;
  const names = inFile(strings.value);
  const index = dynamic.findIndex(
    (entry) => entry.tag === tag.needed && read(names + entry.value, 9).toString() === 'ld-linux-',
  );
  return index < 0 ? null : Number(start) + index * dynamicEntryBytes;
}
