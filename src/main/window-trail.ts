/** Crashes of the window: its process, its preload, a page that does not answer. */
import { app, type BrowserWindow, dialog } from 'electron';
import type { StudioEvent } from '../shared/contract/events.ts';
import { channels } from '../shared/contract/channels.ts';
import type { CrashTrail } from './crash-trail.ts';
import { windowPart } from './features/log.ts';
import type { Log } from './log.ts';

/** A window that crashes again within this time is not loaded once more. */
const patienceMs = 10_000;

/** Sends an event to the page; one that is gone or still loading gets it when it is there. */
export function sendEvent({ webContents }: BrowserWindow, event: StudioEvent): void {
  const send = () => {
    if (!webContents.isDestroyed()) webContents.send(channels.event, event);
  };
  if (webContents.isCrashed() || webContents.isLoading()) webContents.once('did-finish-load', send);
  else send();
}

/**
 * Notes what happens to the window and loads its page again, which reads all that it shows from the store; not while the studio
 * closes, when its processes may be ended by the system in any order.
 */
export function watchWindow(
  window: BrowserWindow,
  trail: CrashTrail,
  log: Log,
  isClosing: () => boolean,
): void {
  let last = -Infinity;
  const { webContents } = window;
  webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    if (reason === 'clean-exit' || isClosing()) return;
    trail(windowPart, `its process ended: ${reason} (exit code ${exitCode})`, null);
    const again = performance.now() - last < patienceMs;
    last = performance.now();
    if (!again) webContents.reload();
    else {
      const text = `The window crashed twice. Runs go on without it; start Lorikeet again to see them. The log is ${log.path}.`;
      dialog.showErrorBox('Lorikeet', text);
    }
  });
  webContents.on('preload-error', (_, __, error) => {
    trail(windowPart, error.message, error.stack ?? null);
  });
  window.on('unresponsive', () => {
    log.note(`${windowPart} does not answer`);
  });
  window.on('responsive', () => {
    log.note(`${windowPart} answers again`);
  });
}

/** Other processes of Electron, such as the one of the GPU; engines are watched where they are started. */
export function watchChildren(log: Log): void {
  app.on('child-process-gone', (_, { type, name, reason, exitCode }) => {
    if (reason === 'clean-exit' || reason === 'killed') return;
    log.note(`process ${name ?? type} ended: ${reason} (exit code ${exitCode})`);
  });
}
