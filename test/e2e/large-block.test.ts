/**
 * TensorFlow may take blocks of 2 GiB and more inside Electron, whose malloc ends the process at that size
 * (src/main/engine/runtime/native/aligned_memory.cc is the cure).
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import electron from 'electron';
import { expect, it } from 'vitest';
import { locateRuntime } from '../../src/main/engine/runtime/locate.ts';

const run = promisify(execFile);
const GiB = 2 ** 30;

it.each([1, 3])('a tensor of %d GiB in one block', async (size) => {
  const application = join(import.meta.dirname, 'large-block');
  // Outside Electron the package `electron` is the path of its program.
  const { stdout } = await run(electron as unknown as string, ['--no-sandbox', application], {
    env: {
      ...process.env,
      LORIKEET_BINDING: locateRuntime().binding,
      LARGE_BLOCK_BYTES: String(size * GiB),
      TF_CPP_MIN_LOG_LEVEL: '2',
    },
  });
  const said = stdout.split('\n').find((line) => line.startsWith('{'));
  expect(JSON.parse(said ?? 'null')).toEqual({ elements: (size * GiB) / 4 });
});
