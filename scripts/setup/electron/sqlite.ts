/**
 * SQLite for the fallback Electron. The prebuilt module of better-sqlite3 13 asks for Node-API 10, which Electron 33
 * lacks; built against the experimental interface of Node-API 9, its own source loads in Electron 33 and in Node 24.
 */
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachePaths } from '../../../src/main/cache.ts';
import { place } from '../../lib/place.ts';
import { project } from '../../lib/project.ts';
import { run } from '../../lib/run.ts';
import { fetchNode } from '../fetch-node.mjs';

const source = join(project, 'node_modules/better-sqlite3');
/** better-sqlite3 prefers this file to its prebuilt ones. */
const inUse = join(source, 'build/Release/better_sqlite3.node');

function built(): string {
  return join(cachePaths().fallbackElectron, 'better_sqlite3.node');
}

export function hasFallbackSqlite(): boolean {
  return (
    existsSync(built()) && existsSync(inUse) && readFileSync(inUse).equals(readFileSync(built()))
  );
}

/** The options with which better-sqlite3 itself builds SQLite: -DNAME=VALUE. */
function sqliteDefines(): string[] {
  const list = readFileSync(join(source, 'deps/defines.gypi'), 'utf8');
  return [...list.matchAll(/'([A-Z0-9_]+(?:=[^']*)?)',/g)].map(([, define = '']) => `-D${define}`);
}

/** Node's own headers: the package node-api-headers leaves the experimental interface out. */
async function nodeHeaders(): Promise<string> {
  const besides = (node: string) => join(dirname(dirname(node)), 'include/node');
  const here = besides(process.execPath);
  return existsSync(join(here, 'node_api.h')) ? here : besides(await fetchNode(cachePaths()));
}

async function build(folder: string): Promise<string> {
  const quiet = { quiet: true };
  const sqlite = join(source, 'deps/sqlite3');
  const object = join(folder, 'sqlite3.o');
  const module = join(folder, 'better_sqlite3.node');
  await run(
    'gcc',
    ['-std=c99', '-O1', '-w', '-fPIC', '-DNDEBUG', ...sqliteDefines()].concat(
      '-c',
      join(sqlite, 'sqlite3.c'),
      '-o',
      object,
    ),
    quiet,
  );
  const headers = [await nodeHeaders(), join(project, 'node_modules/node-addon-api')];
  await run(
    'g++',
    ['-std=c++20', '-O2', '-w', '-fPIC', '-shared', '-fvisibility=hidden', '-DNDEBUG'].concat(
      ['NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'].map((name) => `-D${name}`),
      ['NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'].map(
        (name) => `-D${name}`,
      ),
      [...headers, sqlite].map((path) => `-I${path}`),
      join(source, 'src/better_sqlite3.cpp'),
      object,
      ['-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-ldl', '-o', module],
    ),
    quiet,
  );
  const use = `new (require(${JSON.stringify(source)}))(':memory:', { nativeBinding: ${JSON.stringify(module)} }).exec('select 1')`;
  await run(process.execPath, ['-e', use], quiet);
  return module;
}

/** Builds the module once into the cache, and puts it where better-sqlite3 looks first. */
export async function putFallbackSqlite(tell: (what: string) => void): Promise<void> {
  if (!existsSync(built())) {
    tell('compiling SQLite for it (40 s)');
    await place(built(), build);
  }
  await place(inUse, (folder) => {
    const copy = join(folder, 'better_sqlite3.node');
    copyFileSync(built(), copy);
    return Promise.resolve(copy);
  });
}

/** The declared Electron uses the module that better-sqlite3 brings. */
export function removeFallbackSqlite(): void {
  rmSync(inUse, { force: true });
}
