/** An engine that computes on every core leaves the window its turn: its process, and the threads that it starts. */
import { execFileSync } from 'node:child_process';
import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { z } from 'zod';

const file = new URL('../../../src/main/engine/priority.ts', import.meta.url).href;

/** What the kernel says of the thread that runs this. */
const stat = "require('node:fs').readFileSync('/proc/thread-self/stat', 'utf8')";
const inThread = `require('node:worker_threads').parentPort.postMessage(${stat})`;
const script = `import('${file}').then(({ stepBack }) => {
  stepBack();
  const { Worker } = require('node:worker_threads');
  const worker = new Worker(${JSON.stringify(inThread)}, { eval: true });
  worker.on('message', (thread) => console.log(JSON.stringify([${stat}, thread])));
})`;

/** Field 19 (proc(5)); the second field is in brackets and may hold spaces. */
function niceness(text: string): number {
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
}

test.runIf(process.platform === 'linux')('threads that it starts are behind, too', () => {
  const said = execFileSync(process.execPath, ['--input-type=commonjs', '-e', script]);
  const below = constants.priority.PRIORITY_BELOW_NORMAL;
  const found = z.array(z.string()).parse(JSON.parse(String(said)));
  expect(found.map(niceness)).toEqual([below, below]);
});
