/** What the kernel says of a thread's time is what Node says. */
import { expect, test } from 'vitest';
import { kernelTime, threadTime } from '../../../src/main/engine/thread-time.ts';

const spin = (milliseconds: number) => {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
};

test.skipIf(process.platform !== 'linux')(
  'computing counts, as Node counts it, and waiting does not',
  () => {
    const [own, kernel] = [threadTime(), kernelTime() ?? NaN];
    spin(60);
    const [computed, byKernel] = [threadTime() - own, (kernelTime() ?? NaN) - kernel];
    expect(computed).toBeGreaterThan(0);
    // Each reads its clock at its own moment, and in steps of up to 10 ms.
    expect(Math.abs(byKernel - computed)).toBeLessThan(20);
    const before = kernelTime() ?? NaN;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    expect((kernelTime() ?? NaN) - before).toBeLessThan(100);
  },
);
