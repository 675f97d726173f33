/** The format of a store as its bytes say it: SQLite itself would already clean up behind a process that crashed. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** Where `user_version` stands in the first page (sqlite.org/fileformat.html, 1.3). */
const versionAt = 60;
/** Bytes of the header of a write-ahead log, and of each page in it (4.1 there). */
const [logHeader, frameHeader] = [32, 24];
/** Its last bit says in which order of bytes checksums are. */
const logMagic = 0x377f0682;

/** The format number of the store at `path`, also where it is only in the write-ahead log; 0 where there is none. */
export function formatInFile(path: string): number {
  const logged = existsSync(`${path}-wal`) ? reading(`${path}-wal`, versionInLog) : null;
  return logged ?? (existsSync(path) ? reading(path, versionInPage) : 0);
}

type Read = (from: number, length: number) => Buffer;

function versionInPage(read: Read): number {
  const header = read(0, 100);
  if (header.length < 100 || !header.toString('latin1').startsWith('SQLite format 3\0')) return 0;
  return header.readInt32BE(versionAt);
}

/** Of the last commit in the log that wrote the first page; null for none. */
function versionInLog(read: Read): number | null {
  const header = read(0, logHeader);
  if (header.length < logHeader || header.readUInt32BE(0) >>> 1 !== logMagic >>> 1) return null;
  const pageSize = header.readUInt32BE(8);
  const salts = header.subarray(16, 24);
  let committed: number | null = null;
  let written: number | null = null;
  for (let at = logHeader; ; at += frameHeader + pageSize) {
    const frame = read(at, frameHeader + 100);
    // Behind the last frame there may be those of a log before, which have other salts.
    if (frame.length < frameHeader + 100 || !frame.subarray(8, 16).equals(salts)) return committed;
    if (frame.readUInt32BE(0) === 1) written = frame.readInt32BE(frameHeader + versionAt);
    if (frame.readUInt32BE(4) > 0) committed = written ?? committed;
  }
}

function reading<T>(path: string, work: (read: Read) => T): T {
  const file = openSync(path, 'r');
  try {
    return work((from, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, from));
    });
  } finally {
    closeSync(file);
  }
}
