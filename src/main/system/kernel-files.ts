/** What the kernel says of itself in files of text: whole files, and single numbers in them. */
import { readFileSync } from 'node:fs';

/** Null where there is no such file, or nothing may be read of it. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The number of a file that holds nothing else; null for none, and for 'max'. */
export function readNumber(path: string): number | null {
  const text = readText(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** Bytes of a line such as 'MemAvailable:   12345 kB'. */
export function bytesOf(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found) * 1024;
}

/** The number of a line such as 'inactive_file 12345'; 0 where there is none. */
export function countOf(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}
