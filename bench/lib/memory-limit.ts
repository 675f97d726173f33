/** A limit on what a process and its children may hold, by Linux' control groups. The address space (ulimit -v) says nothing: TensorFlow reserves far more than it uses. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type MemoryLimit = {
  /** A program with its arguments that becomes the given one inside the limit. */
  inside: (program: string, args: readonly string[]) => [string, string[]];
  /** After the process has ended. */
  remove: () => void;
};

/** Where each version of control groups has its groups, and what a group's limits are called: the memory first, then swap. */
const versions = [
  { root: '/sys/fs/cgroup', memory: 'memory.max', swap: 'memory.swap.max', withoutSwap: '0' },
  {
    root: '/sys/fs/cgroup/memory',
    memory: 'memory.limit_in_bytes',
    // Memory and swap together.
    swap: 'memory.memsw.limit_in_bytes',
    withoutSwap: null,
  },
];

/** Null where this user cannot set one. */
export function memoryLimit(bytes: number): MemoryLimit | null {
  for (const { root, memory, swap, withoutSwap } of versions) {
    const group = join(root, `lorikeet-bench-${process.pid}`);
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    const remove = () => {
      rmdirSync(group);
    };
    if (!existsSync(join(group, memory))) {
      remove();
      continue;
    }
    writeFileSync(join(group, memory), String(bytes));
    if (existsSync(join(group, swap)))
      writeFileSync(join(group, swap), withoutSwap ?? String(bytes));
    return {
      remove,
      inside: (program, args) => [
        'sh',
        ['-c', 'echo $$ > "$0" && exec "$@"', join(group, 'cgroup.procs'), program, ...args],
      ],
    };
  }
  return null;
}
