/** The limits that control groups set for memory, of both versions (Linux, admin-guide/cgroup-v2 and -v1/memory). */
import { join } from 'node:path';
import { memoryGroups, type Version } from '../../system/control-groups.ts';
import { countOf, readNumber, readText } from '../../system/kernel-files.ts';
import type { MemoryLimit } from './memory-limit.ts';

/** @param root what /proc and /sys lie in */
export function controlGroupLimits(root: string): MemoryLimit[] {
  return memoryGroups(root).flatMap(({ version, folders }) =>
    folders.flatMap(({ path, name }) => limitsOf[version](path, `the control group ${name}`)),
  );
}

const limitsOf: Record<Version, (folder: string, what: string) => MemoryLimit[]> = {
  1(folder, what) {
    const limit = readNumber(join(folder, 'memory.limit_in_bytes'));
    const usage = readNumber(join(folder, 'memory.usage_in_bytes'));
    if (limit === null || usage === null) return [];
    const stat = readText(join(folder, 'memory.stat')) ?? '';
    const free = leftOf(limit, usage, stat, 'total_');
    // Counts memory and swap together; missing where swap is not counted at all.
    const both = readNumber(join(folder, 'memory.memsw.limit_in_bytes'));
    const used = readNumber(join(folder, 'memory.memsw.usage_in_bytes'));
    const left = both === null || used === null ? Infinity : leftOf(both, used, stat, 'total_');
    return [{ what, free, swap: Math.max(0, left - free), ends: true }];
  },
  2(folder, what) {
    const usage = readNumber(join(folder, 'memory.current'));
    if (usage === null) return [];
    const stat = readText(join(folder, 'memory.stat')) ?? '';
    const most = readNumber(join(folder, 'memory.swap.max'));
    const swapped = readNumber(join(folder, 'memory.swap.current')) ?? 0;
    const swap = most === null ? Infinity : Math.max(0, most - swapped);
    return ['memory.max', 'memory.high'].flatMap((file) => {
      const limit = readNumber(join(folder, file));
      // Beyond `high` a group is slowed down until next to nothing is left of its speed.
      return limit === null ? [] : [{ what, free: leftOf(limit, usage, stat), swap, ends: true }];
    });
  },
};

/** Copies of files that no program has mapped go as soon as memory is wanted. */
function leftOf(limit: number, usage: number, stat: string, prefix = ''): number {
  const count = (name: string) => countOf(stat, `${prefix}${name}`);
  const mapped = count(prefix === '' ? 'file_mapped' : 'mapped_file');
  const reclaimable = count('inactive_file') + Math.max(0, count('active_file') - mapped);
  return Math.max(0, limit - Math.max(0, usage - reclaimable));
}
