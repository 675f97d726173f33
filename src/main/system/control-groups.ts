/** The control groups that this process is in, of both versions (cgroups(7)). */
import { join } from 'node:path';
import { readText } from './kernel-files.ts';

export type Version = 1 | 2;
type Mount = { version: Version; root: string; path: string };
/** Its `folders`, its own first and then those above it, as far as they are mounted here. */
export type MemoryGroups = { version: Version; folders: { path: string; name: string }[] };

/** Those that count memory. @param root what /proc and /sys lie in */
export function memoryGroups(root: string): MemoryGroups[] {
  const own = readText(join(root, 'proc/self/cgroup')) ?? '';
  const mounts = mountsIn(readText(join(root, 'proc/self/mountinfo')) ?? '');
  return own.split('\n').flatMap((line): MemoryGroups[] => {
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
