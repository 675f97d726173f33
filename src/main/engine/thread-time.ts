/** How long this thread has computed, which says nothing of how busy the machine is with other things. */
import { readText } from '../system/kernel-files.ts';

/** Milliseconds on the processor; where neither Node nor the kernel tells, those that have passed. */
export function threadTime(): number {
  // Node has it from 23.9 on.
  if (!('threadCpuUsage' in process)) return kernelTime() ?? performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** As Linux tells it of the thread that asks: nanoseconds, before two other numbers (scheduler/sched-stats). */
export function kernelTime(): number | null {
  const nanoseconds = /^\d+/.exec(readText('/proc/thread-self/schedstat') ?? '')?.[0];
  return nanoseconds === undefined ? null : Number(nanoseconds) / 1e6;
}
