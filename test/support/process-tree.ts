/** Processes and what they have started, by Linux's /proc. What is asked of one may come after its end. */
import { readdirSync, readFileSync } from 'node:fs';

/** These processes and all below them. */
export function withDescendants(roots: Iterable<number>): Set<number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // 'pid (name) state parent …', and the name may hold anything.
    const stat = readOf(Number(name), 'stat');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const all = new Set(roots);
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const [pid, parent] of parents) if (all.has(parent)) all.add(pid);
  }
  return all;
}

/** Its command line; '' of one that has ended. */
export function commandOf(pid: number): string {
  return readOf(pid, 'cmdline').replaceAll('\0', ' ').trim();
}

/** A file of its folder in /proc; '' where it cannot be read. */
export function readOf(pid: number, file: string): string {
  return orElse(() => readFileSync(`/proc/${pid}/${file}`, 'utf8'), '');
}

export function orElse<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}
