/**
 * Keeps an engine's thread that is given back, for whoever in this process needs one next: a program that runs command after command.
 * Loading a thread takes half a second, and what it has compiled is of use again. The process ends all the same.
 */
import type { EngineCall } from '../shared/contract/engine.ts';
import type { EngineTransport } from './engine-client.ts';
import type { EngineListener, EngineThread, ThreadStart } from './engine/thread.ts';

/** A transport over the threads that `start` gives, of which it keeps one. One that is stopped with a call in progress ends. */
export function keepingThread(start: ThreadStart): EngineTransport {
  let idle: KeptThread | null = null;
  return (listener) => {
    const thread = idle?.isAlive === true ? idle : new KeptThread(start);
    idle = null;
    thread.serve(listener);
    return {
      post: (call) => {
        thread.post(call);
      },
      async stop() {
        if (thread.isBusy || idle !== null) {
          await thread.stop();
          return;
        }
        thread.rest();
        idle = thread;
      },
    };
  };
}

class KeptThread {
  readonly #thread: EngineThread;
  readonly #open = new Set<number>();
  #listener: EngineListener | null = null;
  #alive = true;

  constructor(start: ThreadStart) {
    this.#thread = start({
      onMessage: (message) => {
        if (message.kind === 'result' || message.kind === 'failure') this.#open.delete(message.id);
        this.#listener?.onMessage(message);
      },
      onEnd: (reason, stack) => {
        this.#alive = false;
        this.#listener?.onEnd(reason, stack);
      },
    });
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Whether calls are without their answer. */
  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  serve(listener: EngineListener): void {
    this.#listener = listener;
    this.#thread.hold(true);
  }

  /** Nobody hears it now, and the process does not wait for it. */
  rest(): void {
    this.#listener = null;
    this.#thread.hold(false);
  }

  post(call: EngineCall): void {
    if (call.kind === 'call') this.#open.add(call.id);
    this.#thread.post(call);
  }

  async stop(): Promise<void> {
    await this.#thread.stop();
  }
}
