/** The engine in a utility process of Electron: TensorFlow cannot live in the main process, and its crash must not end the studio. */
import { join } from 'node:path';
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { EngineTransport } from './engine-client.ts';
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
      if (message.kind === 'ended') last = message;
      else listener.onMessage(message);
    });
    child.on('exit', (code) => {
      if (this.#child === child) this.#child = null;
      const end = stopping ? 'it was closed' : exitReason(code);
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
        return child.kill() ? gone : Promise.resolve();
      },
    };
  };

  /** Gives the window's port to the engine; does nothing while the engine is not running. */
  connectWindow(port: MessagePortMain): void {
    const message: ToHost = { kind: 'window-port' };
    this.#child?.postMessage(message, [port]);
  }
}

/** In words for 'engine/stopped'. Electron gives the exit status, or the signal's number of a process that was killed. */
function exitReason(code: number): string {
  const killed = code === 9 || code === 137;
  const signal = killed ? ' (it was killed, as a system does when memory runs out)' : '';
  return `its process stopped with exit code ${code}${signal}`;
}
