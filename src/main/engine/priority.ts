/** Whose turn it is on a busy processor: the window's before the engine's. */
import { constants, setPriority } from 'node:os';

/**
 * Puts this process behind others that want the processor. To be called before anything else: on Linux a priority is that of a
 * thread, and threads have that of the one that started them. A system that does not allow it changes nothing.
 */
export function stepBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is slower to click, and no less right.
  }
}
