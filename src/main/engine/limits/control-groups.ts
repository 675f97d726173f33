/** The limits that control groups set for memory, of both versions (cgroups(7); Linux, admin-guide/cgroup-v2 and -v1/memory). */
import { join } from 'node:path';
import { countOf, readNumber, readText } from './kernel-files.ts';
import type { MemoryLimit } from './memory-limit.ts';

type Version = 1 | 2;
/** `folders` of the group and those above it, as far as they are mounted here. */
type Mount = { version: Version; root: string; path: string };
type Groups = { version: Version; folders: { path: string; name: string }[] };

/** @param root what /proc and /sys lie in */
export function controlGroupLimits(root: string): MemoryLimit[] {
  return groupsOf(root).flatMap(({ version, folders }) =>
    folders.flatMap(({ path, name }) => limitsOf[version](path, `the control group ${name}`)),
  );
}

function groupsOf(root: string): Groups[] {
  const own = readText(join(root, 'proc/self/cgroup')) ?? '';
  const mounts = mountsIn(readText(join(root, 'proc/self/mountinfo')) ?? '');
  return own.split('\n').flatMap((line): Groups[] => {
    const [, controllers, group] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || group === undefined) return [];
    const version = controllers === '' ? 2 : controllers.split(',').includes('memory') ? 1 : null;
    const mount = mounts.find((each) => each.version === version);
    if (version === null || !mount) return [];
    const folders = upwards(below(mount.root, group)).map((name) => ({
      path: join(root, mount.path, name),
      name: join(mount.root, name),
    }));
    return [{ version, folders }];
  });
}

/** Where each version is mounted, and which group is at that place. */
function mountsIn(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line): Mount[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, path] = before.split(' ').map(unescaped);
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || path === undefined) return [];
    if (type === 'cgroup2') return [{ version: 2, root, path }];
    const ofMemory = type === 'cgroup' && options.split(',').includes('memory');
    return ofMemory ? [{ version: 1, root, path }] : [];
  });
}

/** Spaces and the like are written as \040. */
function unescaped(field: string): string {
  return field.replace(/\\(\d{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** A group's path from the one that is mounted; of a group that lies elsewhere nothing but the mounted one can be seen. */
function below(mounted: string, group: string): string {
  if (mounted === '/') return group;
  return group === mounted || group.startsWith(`${mounted}/`) ? group.slice(mounted.length) : '';
}

/** 'a/b', 'a', ''. */
function upwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return [...names.keys(), names.length].map((n) => names.slice(0, n).join('/')).reverse();
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
