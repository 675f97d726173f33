/** The engine in a utility process of Electron: TensorFlow cannot live in the main process, and its crash must not end the studio. */
import { join } from 'node:path';
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { EngineTransport } from './engine-client.ts';
import { EngineEnd } from './engine-end.ts';
import type { FromHost, ToHost } from './engine/host-messages.ts';
import { engineEnvironment } from './engine/runtime/environment.ts';

/** A transport over Electron's utility process, with a way for the window to hear the engine directly. */
export class UtilityEngine {
  readonly #name: string;
  readonly #onStart: () => void;
  #child: UtilityProcess | null = null;

  /** `onStart` is called after each start of the process: the time to hand it a port with `connectWindow`. */
  constructor(name: string, onStart: () => void = () => {}) {
    this.#name = name;
    this.#onStart = onStart;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  readonly transport: EngineTransport = (listener) => {
    const watched = new EngineEnd();
    // Built beside this file: see electron.vite.config.ts.
    const child = utilityProcess.fork(join(import.meta.dirname, 'engine-host.js'), [], {
      serviceName: this.#name,
      env: { ...process.env, ...engineEnvironment() },
      stdio: 'inherit',
    });
    this.#child = child;
    let last: { reason: string; stack: string | null } | null = null;
    let stopping = false;
    child.on('message', (message: FromHost) => {
      watched.alive();
      if (message.kind === 'ended') last = message;
      else listener.onMessage(message);
    });
    child.on('exit', (code) => {
      if (this.#child === child) this.#child = null;
      const end = stopping ? 'it was closed' : watched.reason(code);
      listener.onEnd(last?.reason ?? end, last?.stack ?? null);
    });
    this.#onStart();
    const tell = (message: ToHost) => {
      child.postMessage(message);
    };
    return {
      post: tell,
      stop() {
        stopping = true;
        const gone = new Promise<void>((resolve) =>
          child.once('exit', () => {
            resolve();
          }),
        );
        // Not `child.kill()`: an engine takes no notice of SIGTERM (host.ts), and TensorFlow none of a polite end.
        return killed(child.pid) ? gone : Promise.resolve();
      },
    };
  };

  /** Gives the window's port to the engine; does nothing while the engine is not running. */
  connectWindow(port: MessagePortMain): void {
    const message: ToHost = { kind: 'window-port' };
    this.#child?.postMessage(message, [port]);
  }
}

/** Whether there was such a process to end. */
function killed(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
