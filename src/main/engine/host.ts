/**
 * Entry of the engine's utility process: starts the worker, passes calls and answers on, and sends
 * the events of a run straight to the window, so that they arrive while main is busy.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LiveEvent } from '../../shared/contract/events.ts';
import type { FromHost, ToHost } from './host-messages.ts';
import { liveEvents } from './live-events.ts';
import { stepBack } from './priority.ts';
import { startEngineThread } from './thread.ts';

stepBack();
const main = process.parentPort;
/** Which runs a call trains, for the calls that train some. */
const runs = new Map<number, readonly number[]>();
let toWindow: Electron.MessagePortMain | null = null;

function tellMain(message: FromHost): void {
  main.postMessage(message);
}

function tellWindow(live: LiveEvent): void {
  toWindow?.postMessage(live);
}

// Beside this file in the built application.
const workerFile = pathToFileURL(join(import.meta.dirname, 'engine-worker.js'));

const engine = startEngineThread(workerFile, {
  onMessage(message) {
    // First, so that what the window shows is on its way to the store, whenever this process dies.
    tellMain(message);
    if (message.kind === 'event') {
      for (const live of liveEvents(runs.get(message.id) ?? [], message.event)) tellWindow(live);
    }
    if (message.kind === 'result' || message.kind === 'failure') runs.delete(message.id);
  },
  onEnd: end,
});

function end(reason: string, stack: string | null): void {
  tellMain({ kind: 'ended', reason, stack });
  // The last message has to leave before the process does.
  setTimeout(() => {
    process.exit(1);
  }, 100);
}

// A terminal, and the end of a session, sends these to every process. Main hears them too, and ends the run in a way that keeps it.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);

// A fault of this file itself, whose thread is not the engine's.
process.on('uncaughtException', ({ message, stack }) => {
  end(message, stack ?? null);
});

main.on('message', (event: { data: ToHost; ports: Electron.MessagePortMain[] }) => {
  const message = event.data;
  if (message.kind === 'window-port') {
    toWindow?.close();
    toWindow = event.ports[0] ?? null;
    toWindow?.start();
    return;
  }
  if (message.kind === 'call' && message.runs.length > 0) runs.set(message.id, message.runs);
  engine.post(message);
});
