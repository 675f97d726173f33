// @ts-check
/** The table of ARCHITECTURE.md as data: which code may import what. The first zone that holds a file counts. */

/**
 * @typedef {object} Zone
 * @property {string} name
 * @property {string} folder the files that this zone is about; '/' at the end for a folder
 * @property {string[]} files what they may import of the project: folders or single files, themselves included
 * @property {string[]} packages npm packages, 'node:' for Node's own modules, '*' for any package not in `never`
 * @property {string[]} [never] packages that '*' does not cover
 */

const shared = 'src/shared/';
/** What the operating system knows of processes and of what they left behind; asked by engine, store and main alike. */
const system = 'src/main/system/';

/** What main needs of the engine before it starts: variables, files, its thread, what its host is told, what memory there is. Free of TensorFlow. */
const engineDoorstep = [
  'src/main/engine/available-memory.ts',
  'src/main/engine/host-messages.ts',
  'src/main/engine/thread.ts',
  'src/main/engine/limits/memory-limit.ts',
  'src/main/engine/runtime/address-space.ts',
  'src/main/engine/runtime/environment.ts',
  'src/main/engine/runtime/locate.ts',
];

/** @type {Zone[]} */
export const zones = [
  { name: 'shared', folder: shared, files: [shared, 'package.json'], packages: ['zod'] },
  {
    name: 'preload',
    folder: 'src/preload/',
    files: ['src/preload/', shared],
    packages: ['electron'],
  },
  {
    name: 'renderer',
    folder: 'src/renderer/',
    files: ['src/renderer/', shared],
    packages: ['svelte', 'chart.js', 'diff'],
  },
  {
    name: 'engine',
    folder: 'src/main/engine/',
    files: ['src/main/engine/', system, shared, 'resources/general-text/'],
    packages: ['node:', '*'],
    never: ['electron', 'better-sqlite3', 'svelte', 'chart.js', 'diff'],
  },
  {
    name: 'store',
    folder: 'src/main/store/',
    files: ['src/main/store/', system, shared],
    packages: ['node:', 'zod', 'better-sqlite3'],
  },
  { name: 'system', folder: system, files: [system, shared], packages: ['node:'] },
  {
    name: 'main',
    folder: 'src/main/',
    files: ['src/main/', shared],
    packages: ['node:', 'zod', 'electron'],
  },
  {
    name: 'cli',
    folder: 'src/cli/',
    files: ['src/cli/', 'src/main/', shared],
    packages: ['node:', '*'],
    never: ['electron', 'better-sqlite3', 'svelte', 'chart.js', 'diff'],
  },
];

/** Parts of what `files` allows that are closed again, with the files inside that stay open. */
export const closed = [
  { from: ['main', 'store', 'cli'], folder: 'src/main/engine/', except: engineDoorstep },
];
