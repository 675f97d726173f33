// @ts-check
/**
 * Where every command begins: on whatever Node the machine has (18 or newer), finds or fetches a Node that runs
 * TypeScript, and hands over to scripts/main.ts under it. Needs no package to be installed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheLayout } from '../src/shared/cache-layout.mjs';
import { fetchNode } from './setup/fetch-node.mjs';

/** @param {string} version '22.18.0' */
function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

async function findNode() {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  return await fetchNode(cacheLayout(process.env, homedir()));
}

/**
 * Where address space is limited (`ulimit -v`), flags with which Node maps what it needs: otherwise each memory of WebAssembly
 * reserves ten gigabytes of it, to be spared a check, and nothing is left for TensorFlow.
 */
function sparing() {
  const limited = /^Max address space +\d/m;
  try {
    if (!limited.test(readFileSync('/proc/self/limits', 'utf8'))) return [];
    return ['--disable-wasm-trap-handler', '--wasm-max-mem-pages=4096'];
  } catch {
    // No Linux.
    return [];
  }
}

/** Signals that somebody sends to have it end. @type {NodeJS.Signals[]} */
const asked = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs scripts/main.ts and ends as it ends. A Ctrl-C of the terminal reaches it by itself, and one that was sent to this process alone
 * does not: it is told of each, and knows them apart (scripts/lib/launcher.ts).
 * @param {string} node
 */
function handOver(node) {
  const main = join(dirname(fileURLToPath(import.meta.url)), 'main.ts');
  const { compiled } = cacheLayout(process.env, homedir());
  const { PATH: path = '', NODE_COMPILE_CACHE = compiled, ...environment } = process.env;
  const PATH = `${dirname(node)}${delimiter}${path}`;
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', ...sparing(), main, ...process.argv.slice(2)],
    // The channel's end tells it that this process is gone, however that came about.
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...environment, PATH, NODE_COMPILE_CACHE },
    },
  );
  process.on('SIGINT', () => {
    // It has ended by itself where that fails.
    if (child.connected) child.send('SIGINT', () => {});
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    console.error(`Node at ${node} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    const isAsked = signal !== null && asked.includes(signal);
    process.exitCode = code ?? (isAsked ? 130 : 1);
    if (signal !== null && !isAsked) {
      console.error(
        `It was ended by ${signal}${signal === 'SIGKILL' ? ', as a system does when memory runs out' : ''}.`,
      );
    }
  });
}

try {
  handOver(await findNode());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
