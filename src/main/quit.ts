/** Quitting loses no run: a run in progress pauses with a checkpoint until the next start, or goes on without a window. */
import { app, type BrowserWindow, dialog, powerMonitor } from 'electron';
import type { Log } from './log.ts';
import { answers, quitQuestion, runInTheWay } from './quit-question.ts';
import type { Studio } from './studio.ts';

/** Longer than a step and the writing of a checkpoint take; after that the run is left, and goes on from its last checkpoint. */
const patienceMs = 60_000;

export type QuitGuard = {
  /** It quits: processes that end now are not to come back. */
  readonly closing: boolean;
  /** Asks before this window closes on a run. */
  watch(window: BrowserWindow): void;
  /** The queue is empty: an application in the background has no more to do. */
  idle(): void;
};

export function guardQuit(studioOf: () => Studio | null, log: Log): QuitGuard {
  let state: 'open' | 'asking' | 'closing' | 'closed' = 'open';
  let current: BrowserWindow | null = null;
  /** The person sent it away; a window that is only about to show is not in the background. */
  let background = false;

  /** Ends the run and everything else, within bounds; then quits. */
  async function closeAndQuit(): Promise<void> {
    if (state === 'closing' || state === 'closed') return;
    state = 'closing';
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        log.note('The run did not end in time and was left.');
        resolve();
      }, patienceMs);
    });
    try {
      await Promise.race([studioOf()?.close(), tooLong]);
    } catch (thrown) {
      log.fault('closing', thrown);
    }
    clearTimeout(timer);
    state = 'closed';
    app.quit();
  }

  async function ask(): Promise<void> {
    if (state !== 'open') return;
    const run = inTheWay();
    if (!run || current === null || background) return closeAndQuit();
    state = 'asking';
    const { response } = await dialog.showMessageBox(current, quitQuestion(run));
    // A signal may have come meanwhile, which does not wait for an answer.
    if (guard.closing) return;
    state = 'open';
    const answer = answers[response] ?? 'cancel';
    // The run may have ended while the question stood there.
    const over = inTheWay() === null;
    if (answer === 'quit' || (answer === 'background' && over)) await closeAndQuit();
    else if (answer === 'background') {
      background = true;
      current.hide();
    }
  }

  function inTheWay() {
    const studio = studioOf();
    return studio && runInTheWay(studio.queue);
  }

  const refuse = (event: { preventDefault: () => void }) => {
    if (state === 'closed') return;
    event.preventDefault();
    // A fault on the way keeps nobody from closing it.
    ask().catch((thrown: unknown) => {
      log.fault('closing', thrown);
      return closeAndQuit();
    });
  };
  app.on('before-quit', refuse);
  // A session that ends does not wait for an answer.
  const endNow = (event?: Partial<Pick<Event, 'preventDefault'>>) => {
    // Where the system asks, it can be had to wait.
    event?.preventDefault?.();
    void closeAndQuit();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      endNow();
    });
  powerMonitor.on('shutdown', endNow);

  const guard: QuitGuard = {
    get closing() {
      return state === 'closing' || state === 'closed';
    },
    watch(window) {
      current = window;
      window.on('close', refuse);
      window.on('show', () => {
        background = false;
      });
      window.on('closed', () => {
        current = null;
      });
    },
    idle() {
      if (background && state === 'open') void closeAndQuit();
    },
  };
  return guard;
}
