/** What the engine maps before it computes anything, held against the limit of address space (`ulimit -v`). */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { addressSpaceLeft } from '../limits/process-limits.ts';

/** Its thread and TensorFlow with its libraries, bytes: 2.0 to 2.3 GB by VmSize of /proc/self/status. Most of it is never touched. */
export const mappedByEngine = 2e9;

/**
 * To be called before the engine starts: at the limit V8 ends the process, and says that a heap is out of memory.
 * Errors: engine/no-address-space.
 */
export function checkAddressSpace(left = addressSpaceLeft()): void {
  if (left < mappedByEngine)
    throw lorikeetError('engine/no-address-space', { left, needed: mappedByEngine });
}
