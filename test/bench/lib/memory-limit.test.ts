/** A process inside of a limit, where this user may set one. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { memoryLimit } from '../../../bench/lib/memory-limit.ts';

const megabyte = 1e6;

test('what holds more ends, what holds less does not', ({ skip }) => {
  const limit = memoryLimit(200 * megabyte);
  if (!limit) {
    skip('this user may set no limit here');
    return;
  }
  try {
    const holding = (bytes: number) => {
      const [program, args] = limit.inside(process.execPath, ['-e', `Buffer.alloc(${bytes}, 1)`]);
      const { status, signal } = spawnSync(program, args);
      return { status, signal };
    };
    expect(holding(20 * megabyte)).toEqual({ status: 0, signal: null });
    expect(holding(400 * megabyte)).toEqual({ status: null, signal: 'SIGKILL' });
  } finally {
    limit.remove();
  }
});
