/** Which process a run belongs to: after a crash, the runs of processes that are gone are told from those of others at work. */
import { readFileSync } from 'node:fs';

/** `started` tells two processes apart that had the same number one after the other. */
export type Owner = { pid: number; started: string };

/** Changes whenever the machine starts; '' where there is no /proc. */
export function thisBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * Boot and clock ticks at which a process started (proc(5): stat, field 22); '' where there is no /proc, and for one that has
 * ended and waits only for its parent to ask how: under a parent that never asks it would seem alive for ever.
 */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return '';
    return `${thisBoot()}/${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}

/** This process. */
export function thisProcess(): Owner {
  return { pid: process.pid, started: startOf(process.pid) };
}

/** Whether the owner is still there; where start times cannot be read, the number alone has to do. */
export function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startOf(owner.pid) === owner.started;
}
