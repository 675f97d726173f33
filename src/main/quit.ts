/** Quitting loses no run: a run in progress is stopped so that it writes its adapter, or goes on without a window. */
import { app, type BrowserWindow, dialog, powerMonitor } from 'electron';
import type { Log } from './log.ts';
import type { Studio } from './studio.ts';

/** Longer than a step and the writing of an adapter take; after that the run is left to 'studio/interrupted'. */
const patienceMs = 60_000;

const choices = ['Keep training in the background', 'Stop, save and quit', 'Cancel'];

export type QuitGuard = {
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
    const run = studioOf()?.queue.current;
    if (!run || current === null || background) return closeAndQuit();
    state = 'asking';
    const { response } = await dialog.showMessageBox(current, {
      type: 'question',
      title: 'Training is running',
      message: `"${run.name}" is training.`,
      detail:
        'In the background it goes on without a window; start Lorikeet again to see it. ' +
        'Stopped, it saves what it has learnt so far.',
      buttons: choices,
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    state = 'open';
    // The run may have ended while the question stood there.
    const over = !studioOf()?.queue.current;
    if (response === 1 || (response === 0 && over)) await closeAndQuit();
    else if (response === 0) {
      background = true;
      current.hide();
    }
  }

  const refuse = (event: { preventDefault: () => void }) => {
    if (state === 'closed') return;
    event.preventDefault();
    void ask();
  };
  app.on('before-quit', refuse);
  // A session that ends does not wait for an answer.
  const endNow = () => void closeAndQuit();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, endNow);
  powerMonitor.on('shutdown', endNow);

  return {
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
}
