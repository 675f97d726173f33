/** Sees between two steps that the next may not have the memory that it takes, before the kernel ends the process for it. */
import { formatBytes, plainSpaces } from '../../../shared/format.ts';
import { memoryLimits } from '../available-memory.ts';
import { readMemory, resetHighWater, type Memory } from '../process-memory.ts';
import type { MemoryLimit } from '../limits/memory-limit.ts';

/** What other programs, and V8's heap, may take in the time of a step; bytes. */
const margin = 64 * 2 ** 20;

export type Shortage = {
  /** What is short and why, in a sentence. */
  why: string;
  /** The next step would take more than the run holds now; otherwise it is others who have taken what was free. */
  grows: boolean;
};

/** Looking takes half a millisecond, which is much of a tiny model's step; milliseconds between two looks. */
const pause = 100;

export type MemoryReadings = { memory: () => Memory; limits: () => readonly MemoryLimit[] };

const ofThisProcess: MemoryReadings = { memory: readMemory, limits: memoryLimits };

/** How a process came to what it holds is asked of the kernel: the most that it held at once it will hold at once again. */
export class MemoryWatch {
  private readonly read: MemoryReadings;
  private readonly pause: number;
  private told = false;
  private lookedAt = -Infinity;

  /** @param pauseMs between two looks */
  constructor(read: MemoryReadings = ofThisProcess, pauseMs = pause) {
    this.read = read;
    this.pause = pauseMs;
    // What was held before, such as by a trainer that kept more, says nothing of what comes.
    resetHighWater();
  }

  /** After a step; null where the next has what it takes, so soon after the last look, and while a shortage that was told goes on. */
  after(): Shortage | null {
    const now = performance.now();
    if (now - this.lookedAt < this.pause) return null;
    this.lookedAt = now;
    const { residentBytes, peakBytes } = this.read.memory();
    const wanted = peakBytes - residentBytes;
    const [nearest] = this.read
      .limits()
      .filter(({ ends }) => ends)
      .toSorted((a, b) => a.free - b.free);
    const short = nearest !== undefined && nearest.free < wanted + margin;
    const again = this.told;
    this.told = short;
    if (!short || again) return null;
    const say = (bytes: number) => plainSpaces(formatBytes(bytes));
    const grows = wanted >= margin;
    const holds = `The run holds ${say(residentBytes)}${grows ? ` and takes up to ${say(wanted)} more during a step` : ''}`;
    return { why: `${holds}, and ${nearest.what} has ${say(nearest.free)} left.`, grows };
  }
}
