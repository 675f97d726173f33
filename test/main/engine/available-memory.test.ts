/** The nearest of all limits counts, and a process that was really given one sees it. */
import { execFileSync } from 'node:child_process';
import { freemem, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  availableMemory,
  memoryLimits,
  mostMemory,
} from '../../../src/main/engine/available-memory.ts';
import { kernelTree } from './limits/kernel-tree.ts';

const meminfo = 'MemTotal:  9000 kB\nMemAvailable:    5000 kB\nSwapFree:  700 kB\n';

test('swap is what there is of it, and what the group may take', () => {
  const root = kernelTree({
    'proc/meminfo': meminfo,
    'proc/self/cgroup': '0::/a\n',
    'proc/self/mountinfo': '1 1 0:1 / /groups rw - cgroup2 cgroup2 rw\n',
    'groups/a/memory.max': String(3000 * 1024),
    'groups/a/memory.current': String(1000 * 1024),
    'groups/memory.max': String(90_000 * 1024),
    'groups/memory.current': '0',
  });
  expect(memoryLimits(root).map(({ free, swap }) => [free / 1024, swap / 1024])).toEqual([
    [5000, 700],
    [2000, 700],
    [90_000, 700],
  ]);
  expect(availableMemory(root)).toBe(2000 * 1024);
  expect(mostMemory(root)).toBe(2700 * 1024);
});

test('what a process was allowed and has taken', () => {
  const root = kernelTree({
    'proc/meminfo': meminfo,
    'proc/self/limits':
      'Limit                     Soft Limit           Hard Limit           Units     \nMax data size             unlimited            unlimited            bytes     \nMax address space         4194304              unlimited            bytes     \n',
    'proc/self/status': 'VmSize:\t    3000 kB\nVmData:\t   10 kB\n',
  });
  expect(availableMemory(root)).toBe(1096 * 1024);
  expect(memoryLimits(root).at(-1)?.what).toContain('ulimit -v');
});

test('without a kernel that tells, what the system says', () => {
  const free = availableMemory(kernelTree({}));
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThanOrEqual(totalmem());
  expect(mostMemory(kernelTree({}))).toBeLessThanOrEqual(totalmem());
  expect(freemem()).toBeGreaterThan(0);
});

const source = fileURLToPath(
  new URL('../../../src/main/engine/available-memory.ts', import.meta.url),
);
const program = `const { memoryLimits } = await import(${JSON.stringify(source)});
const { readFileSync } = await import('node:fs');
const held = (name) => 1024 * Number(new RegExp(name + ':\\\\s+(\\\\d+)').exec(readFileSync('/proc/self/status', 'utf8'))[1]);
console.log(JSON.stringify({ limits: memoryLimits(), VmSize: held('VmSize'), VmData: held('VmData') }));`;

const answer = z.object({
  limits: z.array(z.object({ what: z.string(), free: z.number() })),
  VmSize: z.number(),
  VmData: z.number(),
});

test.skipIf(process.platform !== 'linux').each([
  { option: '-v', held: 'VmSize' },
  { option: '-d', held: 'VmData' },
] as const)('a process under ulimit $option', ({ option, held }) => {
  const allowed = 8 * 2 ** 30;
  const shell = `ulimit ${option} ${allowed / 1024} && exec "$0" --input-type=module -e "$1"`;
  const told = execFileSync('sh', ['-c', shell, process.execPath, program], { encoding: 'utf8' });
  const { limits, ...status } = answer.parse(JSON.parse(told));
  const free = limits.find(({ what }) => what.includes(`ulimit ${option}`))?.free ?? NaN;
  // Between the two readings V8 may have mapped a few pieces of its heap, or given them back.
  expect(Math.abs(free - (allowed - status[held]))).toBeLessThan(2 ** 26);
});
