/** The limits of this process's own address space: `ulimit -v` and `ulimit -d` (getrlimit(2)). */
import { join } from 'node:path';
import { bytesOf, readText } from '../../system/kernel-files.ts';
import type { MemoryLimit } from './memory-limit.ts';

type Kind = { what: string; limit: string; used: string };
const ofAddresses: Kind = {
  ...{ what: 'the limit of address space (ulimit -v)', limit: 'Max address space', used: 'VmSize' },
};
const ofData: Kind = {
  ...{ what: 'the limit of data (ulimit -d)', limit: 'Max data size', used: 'VmData' },
};

/** @param root what /proc lies in */
export function processLimits(root: string): MemoryLimit[] {
  return limitsOf([ofAddresses, ofData], root);
}

/** Bytes that this process can still map; Infinity where nobody has set a limit. */
export function addressSpaceLeft(root = '/'): number {
  return Math.min(...limitsOf([ofAddresses], root).map(({ free }) => free));
}

function limitsOf(kinds: readonly Kind[], root: string): MemoryLimit[] {
  const limits = readText(join(root, 'proc/self/limits')) ?? '';
  const status = readText(join(root, 'proc/self/status')) ?? '';
  return kinds.flatMap(({ what, limit, used }) => {
    const soft = new RegExp(`^${limit}\\s+(\\d+)\\s`, 'm').exec(limits)?.[1];
    const taken = bytesOf(status, used);
    if (soft === undefined || taken === null) return [];
    return [{ what, free: Math.max(0, Number(soft) - taken), swap: 0, ends: false }];
  });
}
