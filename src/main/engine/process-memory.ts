/** How much memory this process holds now and held at most, as the kernel counts it. */
import { readFileSync, writeFileSync } from 'node:fs';

const everyMs = 1000;

export type Memory = { residentBytes: number; peakBytes: number };

/** VmHWM, the kernel's own high-water mark: it sees peaks between two samples. Null where there is no /proc. */
function highWaterBytes(): number | null {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}

/** Sets the high-water mark down to what is resident now (proc(5), clear_refs 5); without /proc it stays. */
export function resetHighWater(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak then counts from the start of the process, which is still a true upper bound.
  }
}

/** Resident memory of this process, in bytes. */
export function readMemory(): Memory {
  const residentBytes = process.memoryUsage.rss();
  const peakBytes = highWaterBytes() ?? process.resourceUsage().maxRSS * 1024;
  return { residentBytes, peakBytes: Math.max(peakBytes, residentBytes) };
}

/**
 * Tells the memory every second, and once more when the returned function ends it. The peak counts from the start, also where
 * the mark is set down meanwhile.
 */
export function sampleMemory(tell: (memory: Memory) => void): () => void {
  resetHighWater();
  let highest = 0;
  const sample = () => {
    const { residentBytes, peakBytes } = readMemory();
    highest = Math.max(highest, peakBytes);
    tell({ residentBytes, peakBytes: highest });
  };
  const timer = setInterval(sample, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    sample();
  };
}
