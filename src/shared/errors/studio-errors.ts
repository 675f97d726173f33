/** What can go wrong in the studio and the store. */
import { formatBytes } from '../format.ts';
import type { Catalogue } from './problem.ts';

export const studioErrors = {
  'studio/not-found': (d: { kind: string; name: string }) => ({
    what: `There is no ${d.kind} ${d.name}.`,
    next: `Look at the list of ${d.kind}s and choose one that is there.`,
  }),
  'studio/bad-request': (d: { command: string; reason: string }) => ({
    what: `A setting cannot be used: ${d.reason}`,
    where: d.command,
    next: 'Correct it and try again.',
  }),
  'studio/path-not-chosen': (d: { path: string }) => ({
    what: 'The window named a file or folder that nobody has chosen in it, and was refused.',
    where: d.path,
    next: 'Choose it with the button beside it, or drop it there, and try again.',
  }),
  'studio/foreign-sender': (d: { url: string }) => ({
    what: 'Something other than the page of Lorikeet asked for this, and was refused.',
    where: d.url,
    next: 'Start Lorikeet again. If it comes back, report it with the log.',
  }),
  'studio/run-active': (d: { name: string; state: string }) => ({
    what: `The run "${d.name}" is ${d.state} and cannot be removed.`,
    where: d.name,
    next: 'Stop the run first; then remove it.',
  }),
  'studio/training-now': (d: { name: string }) => ({
    what: `The run "${d.name}" is training: trying learning rates beside it would slow both down, and may take the memory of both.`,
    where: d.name,
    next: 'Wait for its end, or pause it.',
  }),
  'studio/run-elsewhere': (d: { name: string }) => ({
    what: `The run "${d.name}" is trained by another process, or waits there, and cannot be stopped, paused or taken up from here.`,
    where: d.name,
    next: 'Stop it where it was started: Ctrl + C in its terminal keeps what it has learnt.',
  }),
  'studio/cannot-go-on': (d: { name: string; state: string }) => ({
    what: `The run "${d.name}" is ${d.state}: only one that is paused or interrupted can go on.`,
    where: d.name,
    next: 'Start a new run with its settings.',
  }),
  'studio/not-waiting': (d: { name: string; state: string }) => ({
    what: `The run "${d.name}" is ${d.state} and has no place in the queue any more.`,
    where: d.name,
    next: 'Only runs that wait can be moved, or begin later.',
  }),
  'studio/several-runs': (d: { name: string; ids: readonly number[] }) => ({
    what: `Several runs are called "${d.name}": ${d.ids.join(', ')}.`,
    where: d.name,
    next: 'Give the number of the one that is meant; `lorikeet runs` lists them.',
  }),
  'studio/no-right-answer': (d: { name: string }) => ({
    what: 'None of the answers is marked as right, so that there is nothing to learn from.',
    where: d.name,
    next: 'Mark an answer with "This was right", or correct it with "Edit", and try again.',
  }),
  'studio/not-trashed': (d: { path: string; reason: string }) => ({
    what: `The folder could not be moved to the trash, so nothing was removed: ${d.reason}`,
    where: d.path,
    next: 'Delete the folder in the file manager; the entry then goes when you remove it here.',
  }),
  'studio/interrupted': (d: { pid: number }) => ({
    what: `The run ended with its process (${d.pid}): it was closed or crashed before the run was over.`,
    next: 'Have it go on: it does so from its last checkpoint, exactly as if nothing had happened. If memory ran out, lower the batch size or the sequence length.',
  }),
  'studio/crash': (d: { part: string; reason: string; log: string }) => ({
    what: `Something went wrong in ${d.part}: ${d.reason}`,
    where: d.log,
    next: 'What was finished before is kept. If it happens again, report it with the log, which says where it happened.',
  }),
  'store/unreadable': (d: { path: string; reason: string }) => ({
    what: `The library's database cannot be opened: ${d.reason}. Nothing in it was changed.`,
    where: d.path,
    next: 'Move the file away to start with an empty library, or set LORIKEET_HOME to another folder.',
  }),
  'store/read-only': (d: { path: string; reason: string }) => ({
    what: `The library's database cannot be written: ${d.reason}. Nothing in it was changed.`,
    where: d.path,
    next: 'Give yourself the right to write this file and its folder, or set LORIKEET_HOME to a folder where you have it.',
  }),
  'store/damaged': (d: { path: string; reason: string; backup: string | null }) => ({
    what: `The library's database is damaged: ${d.reason}. Nothing in it was changed.`,
    where: d.path,
    next:
      d.backup === null
        ? 'Copy the data folder first. Then move the file and those beginning with its name away: Lorikeet starts with an empty library, and adapters stay in their folders. SQLite\'s own program takes out what can still be read: sqlite3 OLD ".recover" | sqlite3 NEW.'
        : `Copy the data folder first. Then move the file and the one ending in -wal away and put ${d.backup} in its place: it has everything up to the last update of Lorikeet. SQLite's own program takes out what can still be read of the damaged one: sqlite3 OLD ".recover" | sqlite3 NEW.`,
  }),
  'store/no-backup': (d: { path: string; reason: string; bytes: number }) => ({
    what: `The library's database has to be brought up to date for this Lorikeet, and the copy that is made of it first could not be written: ${d.reason}. Nothing in it was changed.`,
    where: d.path,
    next: `Make ${formatBytes(2 * d.bytes)} of room on its disk and start again.`,
  }),
  'store/failed': (d: { reason: string }) => ({
    what: `The library's database could not be read or written: ${d.reason}.`,
    next: 'Free some space on the disk of the data folder, check that you may write there, or set LORIKEET_HOME to another folder. What was stored before is kept.',
  }),
  'store/newer': (d: { path: string; version: number; known: number }) => ({
    what: `The library's database was written by a newer Lorikeet (format ${d.version}; this one knows ${d.known}). Nothing in it was changed.`,
    where: d.path,
    next: 'Update Lorikeet, or set LORIKEET_HOME to another folder.',
  }),
} satisfies Catalogue;
