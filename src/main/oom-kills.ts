/** How often the system has ended processes because memory ran out, as far as this process can see: in its control group, or in the whole machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

/** proc(5): '0::/user.slice/app.scope' of version 2, '5:memory:/docker/1' of version 1. */
function memoryGroups(): string[] {
  return textOf('/proc/self/cgroup')
    .split('\n')
    .flatMap((line) => {
      const [, controllers, ...path] = line.split(':');
      const group = path.join(':');
      if (controllers === '') return [join(root, group, 'memory.events')];
      const ofMemory = controllers?.split(',').includes('memory');
      return ofMemory ? [join(root, 'memory', group, 'memory.oom_control')] : [];
    });
}

/** A container sees its own group as the root. */
const files = () => [
  ...memoryGroups(),
  join(root, 'memory.events'),
  join(root, 'memory/memory.oom_control'),
  // Of all processes: only where no group tells.
  '/proc/vmstat',
];

/** The count of the nearest that tells one; null where none does. The counts of two moments tell whether there was one between. */
export function oomKills(paths: readonly string[] = files()): number | null {
  for (const path of paths) {
    const count = /^oom_kill (\d+)$/m.exec(textOf(path))?.[1];
    if (count !== undefined) return Number(count);
  }
  return null;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
