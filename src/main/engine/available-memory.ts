/** How much memory new work can have, by the nearest of all limits: the machine's, those of control groups, those of the process. */
import { freemem } from 'node:os';
import { join } from 'node:path';
import { controlGroupLimits } from './limits/control-groups.ts';
import { bytesOf, readText } from '../system/kernel-files.ts';
import type { MemoryLimit } from './limits/memory-limit.ts';
import { processLimits } from './limits/process-limits.ts';

/** Version 1 of control groups has such a number for no limit. */
const unlimited = 2 ** 60;

/** Never empty. `root` is what /proc and /sys lie in. */
export function memoryLimits(root = '/'): MemoryLimit[] {
  const machine = { what: 'the machine', ends: true };
  const meminfo = readText(join(root, 'proc/meminfo'));
  const available = meminfo === null ? null : bytesOf(meminfo, 'MemAvailable');
  // Not Linux.
  if (meminfo === null || available === null) return [{ ...machine, free: freemem(), swap: 0 }];
  const swap = bytesOf(meminfo, 'SwapFree') ?? 0;
  return [{ ...machine, free: available, swap }, ...givenLimits(root, swap)];
}

/** The limits that were set for this process, by itself or with others; none where nobody has set one. */
export function givenLimits(root = '/', swap = 0): MemoryLimit[] {
  return [
    // What swap a group may take has to be there.
    ...controlGroupLimits(root).map((each) => ({ ...each, swap: Math.min(each.swap, swap) })),
    ...processLimits(root),
  ].filter(({ free }) => free < unlimited);
}

/** Bytes that new work can have: unlike `freemem` it counts what the system only caches, and what limits leave of it. */
export function availableMemory(root = '/'): number {
  return Math.min(...memoryLimits(root).map(({ free }) => free));
}

/** Bytes that it can have at the very most, however slowly. */
export function mostMemory(root = '/'): number {
  return Math.min(...memoryLimits(root).map(({ free, swap }) => free + swap));
}
