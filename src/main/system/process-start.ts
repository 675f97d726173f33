/** What the kernel knows of processes: since when one runs, and among which its number is its own. */
import { readFileSync, readlinkSync } from 'node:fs';

/** Changes whenever the machine starts; '' where there is no /proc. */
export function thisBoot(): string {
  return read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
}

/** Which processes are numbered together with this one: containers have numbers of their own. '' where there is no /proc. */
export function thisNumbering(): string {
  return read(() => readlinkSync('/proc/self/ns/pid'));
}

/**
 * Clock ticks after boot at which a process started (proc(5): stat, field 22). '' where there is no such process, no /proc, or where it
 * has ended and waits only for its parent to ask how: under a parent that never asks it would seem alive for ever.
 */
export function ticksOf(pid: number): string {
  return read(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  });
}

function read(work: () => string): string {
  try {
    return work();
  } catch {
    return '';
  }
}
