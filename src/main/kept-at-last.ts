/** Writes to the store that have to get there in the end: how a run ended. A disk that is full is waited for. */
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../shared/errors/file-reason.ts';

const againMs = 2_000;

export type Waiting = {
  /** Aborted where nobody can wait any longer. */
  until: AbortSignal;
  /** Told once, with what kept it from being written. */
  onWait: (thrown: unknown) => void;
};

/**
 * Does all of `write`, as soon as there is room on the disk. `write` has to do all or nothing. Without `waiting` it is tried once;
 * errors are thrown that no room mends, and that of a last attempt when `until` is aborted.
 */
export async function keptAtLast<T>(
  write: () => T,
  waiting: Waiting | null,
  everyMs = againMs,
): Promise<T> {
  let told = false;
  for (;;) {
    try {
      return write();
    } catch (thrown) {
      if (waiting === null || waiting.until.aborted || !mayPass(thrown)) throw thrown;
      if (!told) waiting.onWait(thrown);
      told = true;
    }
    await delay(everyMs, null, { signal: waiting.until }).catch(() => null);
  }
}

/** A full disk, and a write that the system refused: of another disk that is away for a while, or a share of it that is used up. */
function mayPass(thrown: unknown): boolean {
  const code = codeOf(thrown) ?? '';
  return code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR');
}
