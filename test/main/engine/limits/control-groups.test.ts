/** The limits of control groups, in the words of both versions. */
import { expect, test } from 'vitest';
import { controlGroupLimits } from '../../../../src/main/engine/limits/control-groups.ts';
import { kernelTree } from './kernel-tree.ts';

const mounted = (fields: string) => `31 23 0:28 ${fields}\n`;
const version2 = {
  'proc/self/cgroup': '0::/user.slice/app\n',
  'proc/self/mountinfo':
    mounted('/ /proc rw - proc proc rw') + mounted('/ /sys/fs/cgroup rw - cgroup2 cgroup2 rw'),
};
const group = 'sys/fs/cgroup/user.slice/app';

test('version 2: what is left of max and of high, here and above, without what the kernel gives back', () => {
  const root = kernelTree({
    ...version2,
    [`${group}/memory.max`]: '1000000\n',
    [`${group}/memory.high`]: '900000\n',
    [`${group}/memory.current`]: '700000\n',
    [`${group}/memory.stat`]:
      'anon 100\nactive_file 200000\ninactive_file 50000\nfile_mapped 150000\n',
    [`${group}/memory.swap.max`]: '30000\n',
    [`${group}/memory.swap.current`]: '10000\n',
    'sys/fs/cgroup/user.slice/memory.max': 'max\n',
    'sys/fs/cgroup/user.slice/memory.high': '5000000\n',
    'sys/fs/cgroup/user.slice/memory.current': '4990000\n',
    // The topmost has no limits.
    'sys/fs/cgroup/memory.stat': 'anon 1\n',
  });
  const app = { what: 'the control group /user.slice/app', swap: 20_000, ends: true };
  // Used without what can be given back: 700,000 − 50,000 − (200,000 − 150,000).
  expect(controlGroupLimits(root)).toEqual([
    { ...app, free: 400_000 },
    { ...app, free: 300_000 },
    { what: 'the control group /user.slice', free: 10_000, swap: Infinity, ends: true },
  ]);
});

test('a group that is full has nothing left, and not less', () => {
  const root = kernelTree({
    ...version2,
    [`${group}/memory.max`]: '1000',
    [`${group}/memory.current`]: '4096',
    [`${group}/memory.stat`]: '',
  });
  expect(controlGroupLimits(root)).toMatchObject([{ free: 0 }]);
});

const version1 = {
  'proc/self/cgroup': '5:devices:/\n4:cpuset,memory:/docker/abc\n0::/\n',
  'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
  'sys/fs/cgroup/memory/memory.usage_in_bytes': '500000',
  'sys/fs/cgroup/memory/memory.stat': 'total_inactive_file 0\n',
};

test('version 1: a group and those above it; swap as far as it is counted', () => {
  const root = kernelTree({
    ...version1,
    'proc/self/mountinfo': mounted('/ /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory'),
    'sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '1000000',
    'sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes': '600000',
    'sys/fs/cgroup/memory/docker/abc/memory.memsw.limit_in_bytes': '1500000',
    'sys/fs/cgroup/memory/docker/abc/memory.memsw.usage_in_bytes': '700000',
    'sys/fs/cgroup/memory/docker/abc/memory.stat':
      'inactive_file 1\ntotal_inactive_file 100000\ntotal_active_file 50000\ntotal_mapped_file 60000\n',
  });
  const [own, top] = controlGroupLimits(root);
  expect(own).toEqual({
    ...{ what: 'the control group /docker/abc', free: 500_000, ends: true },
    // 1,500,000 − (700,000 − 100,000) together, of which 500,000 are memory.
    swap: 400_000,
  });
  expect(top?.free).toBeGreaterThan(2 ** 62);
});

test('in a container that sees only its own group, which lies at the place of the topmost', () => {
  const root = kernelTree({
    ...version1,
    'proc/self/mountinfo': mounted(
      '/docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
    ),
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '800000',
  });
  expect(controlGroupLimits(root)).toMatchObject([
    { what: 'the control group /docker/abc', free: 300_000 },
  ]);
});

test('places with spaces in their names are found, and nothing is said where there is nothing', () => {
  const root = kernelTree({
    'proc/self/cgroup': '0::/\n',
    'proc/self/mountinfo': mounted('/ /my\\040groups rw - cgroup2 cgroup2 rw'),
    'my groups/memory.max': '10',
    'my groups/memory.current': '4',
  });
  expect(controlGroupLimits(root)).toMatchObject([{ free: 6 }]);
  expect(controlGroupLimits(kernelTree({ 'proc/self/cgroup': 'nonsense' }))).toEqual([]);
});
