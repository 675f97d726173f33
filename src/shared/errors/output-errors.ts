/** What can go wrong with files beside those of models and data, most of them while they are written. */
import type { Catalogue } from './problem.ts';

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}

export const outputErrors = {
  'output/not-empty': (d: { path: string }) => ({
    what: 'The output folder exists and is not empty; nothing in it was touched.',
    where: d.path,
    next: 'Choose another folder, or empty this one first.',
  }),
  'output/exists': (d: { path: string }) => ({
    what: 'There is something at the path of the output already; it was not touched.',
    where: d.path,
    next: 'Choose another name, or remove what is there first.',
  }),
  'output/not-writable': (d: { path: string; reason: string }) => ({
    what: `The output cannot be written: ${d.reason}.`,
    where: d.path,
    next: 'Choose a place that you may write to.',
  }),
  'output/file-failed': (d: { path: string | null; reason: string }) => ({
    what: `A file or folder cannot be used: ${d.reason}.`,
    ...(d.path !== null && { where: d.path }),
    next: 'Check that it is there, that you may read and write it, and that its disk has room.',
  }),
  /** `needed` and `free` in bytes, where they are known. */
  'output/disk-full': (d: { path: string; needed: number | null; free: number | null }) => ({
    what: [
      d.free === null
        ? 'The disk filled up while writing; the unfinished files were removed.'
        : `The disk has ${megabytes(d.free)} free; nothing was written.`,
      ...(d.needed === null ? [] : [`The files take ${megabytes(d.needed)}.`]),
    ].join(' '),
    where: d.path,
    next: 'Free some space, or choose a folder on another disk, and try again.',
  }),
  'output/not-representable': (d: { tensor: string; dtype: string; largest: number }) => ({
    what: `Values of ${d.tensor} up to ${d.largest.toPrecision(4)} are too large for ${d.dtype} and would become infinite.`,
    where: d.tensor,
    next: 'Write the model as bfloat16 or float32.',
  }),
} satisfies Catalogue;
