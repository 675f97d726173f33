/** Which process a run belongs to: after a crash, the runs of processes that are gone are told from those of others at work. */
import { thisBoot, ticksOf } from '../system/process-start.ts';

/** `started` tells two processes apart that had the same number one after the other. */
export type Owner = { pid: number; started: string };

/** Boot and clock ticks at which a process started; '' where that is not known, or it is gone. */
function startOf(pid: number): string {
  const ticks = ticksOf(pid);
  return ticks === '' ? '' : `${thisBoot()}/${ticks}`;
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
