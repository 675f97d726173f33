/** Whether a process that is gone had come close to a limit of memory, as far as that can be told afterwards. */
import { memoryLimits } from './engine/available-memory.ts';
import { mappedByEngine } from './engine/runtime/address-space.ts';
import type { MemoryLimit } from './engine/limits/memory-limit.ts';

/** What a process takes before its first step, bytes: it may have died before anything was measured. */
const least = 600e6;

/**
 * How much of what a limit leaves was taken for it to be near, as a share. The kernel ends a process for the pages that it uses, which
 * its peak counts to the last second. At a limit that refuses it dies of one large request, or of a thread, which no peak shows.
 */
const near = { ends: 0.8, refuses: 0.5 };

/**
 * The limit, in words; null where none was near. It is taken to be the same as for this process, which has not started an engine.
 * @param peak bytes that it held at most, where that is known
 */
export function nearLimit(
  peak: number | null,
  limits: readonly Pick<MemoryLimit, 'what' | 'free' | 'ends'>[] = memoryLimits(),
  own = process.memoryUsage.rss(),
): string | null {
  const taken = Math.max(peak ?? 0, least);
  const found = limits.find(({ free, ends }) =>
    ends ? taken > near.ends * (free + own) : taken > near.refuses * (free - mappedByEngine),
  );
  return found?.what ?? null;
}
