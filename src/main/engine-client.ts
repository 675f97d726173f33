/** Asks the engine and hears its events. The engine is started at the first call, and again after it ended. */
import type {
  EngineCommandName,
  EngineEvent,
  EngineMessage,
  EngineRequest,
  EngineResponse,
  EngineResult,
} from '../shared/contract/engine.ts';
import { askedEnd, askedTo } from '../shared/asked-end.ts';
import { LorikeetError, lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { withAdvice } from '../shared/errors/memory-advice.ts';
import { memoryRanOut } from './engine-end.ts';
import type { EngineLink, EngineListener } from './engine/thread.ts';

/** Starts an engine: in a thread of this process (worker-transport.ts) or in one of its own (utility-transport.ts). */
export type EngineTransport = (listener: EngineListener) => EngineLink;

export type CallOptions = {
  onEvent?: (event: EngineEvent) => void;
  /** Aborting asks the engine to stop, or to pause where the reason says so (`askedTo`); the promise settles when it has. */
  signal?: AbortSignal;
  /** The runs in the store that this call trains: their events also go straight to the window. */
  runs?: readonly number[];
};

/** A call without its answer. */
type Pending = {
  command: EngineCommandName;
  answer: (result: EngineResult<EngineCommandName>) => void;
  reject: (reason: LorikeetError) => void;
  onEvent: (event: EngineEvent) => void;
};

/** A client of one engine. Calls are answered one at a time, in order; no call has a time-out. */
export class EngineClient {
  readonly #transport: EngineTransport;
  readonly #idleMs: number | null;
  #idle: NodeJS.Timeout | undefined;
  #whenAnswered: () => void = () => {};
  #link: EngineLink | null = null;
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();

  /** With `idleMs` the engine ends itself that long after its last answer, which gives its memory back. */
  constructor(transport: EngineTransport, idleMs: number | null = null) {
    this.#transport = transport;
    this.#idleMs = idleMs;
  }

  /** Calls whose answer has not come. */
  get pendingCalls(): number {
    return this.#pending.size;
  }

  /** Whether calls of this command are without their answer. */
  isBusyWith(command: EngineCommandName): boolean {
    return [...this.#pending.values()].some((call) => call.command === command);
  }

  /**
   * Sends one command. Fails with the LorikeetError that the handler threw, with 'engine/stopped'
   * or 'engine/ended-for-memory' when the engine ended before it answered, or with 'engine/cancelled'.
   */
  call<N extends EngineCommandName>(
    command: N,
    request: EngineRequest<N>,
    options: CallOptions = {},
  ): Promise<EngineResponse<N>> {
    const { signal, onEvent = () => {}, runs = [] } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(askedTo(askedEnd(signal), command));
        return;
      }
      clearTimeout(this.#idle);
      const id = ++this.#lastId;
      const link = this.#started();
      const cancel = () => {
        link.post({ kind: 'cancel', id, how: signal ? askedEnd(signal) : 'stop' });
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const over = () => {
        signal?.removeEventListener('abort', cancel);
        this.#answered();
      };
      this.#pending.set(id, {
        command,
        answer: (result) => {
          over();
          if (answers(command, result)) resolve(result.response);
          else reject(new TypeError(`${command} was answered as ${result.command}`));
        },
        reject: (reason) => {
          over();
          reject(reason);
        },
        onEvent,
      });
      link.post({ kind: 'call', id, command, runs, request });
    });
  }

  /**
   * Ends the engine. With `patienceMs` its calls are cancelled first and have that long to clean up;
   * those without an answer then fail with 'engine/stopped'. A later call starts a new engine.
   */
  async close(patienceMs = 0): Promise<void> {
    if (patienceMs > 0) await this.#cancelAll(patienceMs);
    const link = this.#link;
    this.#link = null;
    // Before the engine is gone: a call that comes meanwhile starts a new one and is none of these.
    this.#failAll('it was closed');
    await link?.stop();
  }

  /** Cancels what is pending; settles when all is answered, or after `patienceMs`. */
  async #cancelAll(patienceMs: number): Promise<void> {
    const ids = [...this.#pending.keys()];
    if (ids.length === 0) return;
    for (const id of ids) this.#link?.post({ kind: 'cancel', id, how: 'stop' });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#whenAnswered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** After each answer: when it was the last one, the idle time begins. */
  #answered(): void {
    if (this.pendingCalls > 0) return;
    this.#whenAnswered();
    if (this.#idleMs === null) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.pendingCalls === 0) void this.close();
    }, this.#idleMs);
    this.#idle.unref();
  }

  #started(): EngineLink {
    if (this.#link !== null) return this.#link;
    const link = this.#transport({
      onMessage: (message) => {
        this.#hear(message);
      },
      onEnd: (reason) => {
        // An engine that was closed ends late, maybe after its successor started.
        if (this.#link !== link) return;
        this.#link = null;
        this.#failAll(reason);
      },
    });
    this.#link = link;
    return link;
  }

  #hear(message: EngineMessage): void {
    switch (message.kind) {
      case 'ready':
        return;
      case 'result':
        this.#take(message.id)?.answer(message);
        return;
      case 'failure':
        this.#take(message.id)?.reject(new LorikeetError(message.problem));
        return;
      case 'event':
        this.#pending.get(message.id)?.onEvent(message.event);
    }
  }

  /** The call of this number, which is pending no more. */
  #take(id: number): Pending | undefined {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    return call;
  }

  #failAll(reason: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    const code = reason === memoryRanOut ? 'engine/ended-for-memory' : 'engine/stopped';
    const { problem } = lorikeetError(code, { reason });
    for (const call of pending) call.reject(new LorikeetError(withAdvice(problem, call.command)));
  }
}

/** Whether a result is one of `command`. */
function answers<N extends EngineCommandName>(
  command: N,
  result: EngineResult<EngineCommandName>,
): result is EngineResult<N> {
  return result.command === command;
}
