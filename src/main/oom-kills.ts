/** How often the system has ended processes because memory ran out, as far as this process can see: in its control group, or in the whole machine. */
import { join } from 'node:path';
import { memoryGroups, type Version } from './system/control-groups.ts';
import { readText } from './system/kernel-files.ts';

const counts: Record<Version, string> = { 1: 'memory.oom_control', 2: 'memory.events' };

const files = () => [
  ...memoryGroups('/').flatMap(({ version, folders }) =>
    folders.map(({ path }) => join(path, counts[version])),
  ),
  // Of all processes: only where no group tells.
  '/proc/vmstat',
];

/** The count of the nearest that tells one; null where none does. The counts of two moments tell whether there was one between. */
export function oomKills(paths: readonly string[] = files()): number | null {
  for (const path of paths) {
    const count = /^oom_kill (\d+)$/m.exec(readText(path) ?? '')?.[1];
    if (count !== undefined) return Number(count);
  }
  return null;
}
