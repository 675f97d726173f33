/** Starts the engine's worker thread and watches over it; used by the utility process and under plain Node alike. */
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { EngineCall, EngineMessage } from '../../shared/contract/engine.ts';
import { sampleMemory } from './process-memory.ts';

/** A started engine. After `stop`, or after `onEnd`, it takes no more calls. */
export type EngineLink = { post(call: EngineCall): void; stop(): Promise<void> };

/** One in a thread of this process, which goes on for as long as it is held; it is from the beginning. */
export type EngineThread = EngineLink & { hold(held: boolean): void };

export type EngineListener = {
  onMessage(message: EngineMessage): void;
  /** The engine ended, asked or not; `reason` completes "The engine process ended: …". A thrown error has its stack. */
  onEnd(reason: string, stack: string | null): void;
};

export type ThreadStart = (listener: EngineListener) => EngineThread;

/**
 * Starts the worker in `file`. While a call is in progress this thread samples the memory of the
 * process, since the worker's own thread is inside TensorFlow for seconds at a time.
 */
export function startEngineThread(file: URL, listener: EngineListener): EngineThread {
  // TensorFlow reads the variables of the process, and so does the rest of the engine, also once they have changed.
  const worker = new Worker(file, { env: SHARE_ENV });
  // In the order of their coming, which is the order in which the worker takes them.
  const waiting: number[] = [];
  let crash: Error | null = null;
  let stopping = false;
  let endSampling: (() => void) | null = null;

  /** The memory belongs to the call that is being worked on: the first of those that wait. */
  function sampleForFirst(): void {
    const id = waiting[0];
    if (id === undefined || endSampling !== null) return;
    endSampling = sampleMemory((memory) => {
      listener.onMessage({ kind: 'event', id, event: { kind: 'memory', ...memory } });
    });
  }

  function settled(id: number): void {
    if (waiting[0] === id) {
      endSampling?.();
      endSampling = null;
    }
    const at = waiting.indexOf(id);
    if (at >= 0) waiting.splice(at, 1);
    sampleForFirst();
  }

  worker.on('message', (message: EngineMessage) => {
    // The last memory event goes before the result, while its call is still open.
    if (message.kind === 'result' || message.kind === 'failure') settled(message.id);
    listener.onMessage(message);
  });
  worker.on('error', (error) => {
    crash = error instanceof Error ? error : new Error(String(error));
  });
  worker.on('exit', (code) => {
    waiting.length = 0;
    endSampling = null;
    const end = stopping ? 'it was closed' : `its thread stopped with exit code ${code}`;
    listener.onEnd(crash?.message ?? end, crash?.stack ?? null);
  });

  return {
    post(call) {
      if (call.kind === 'call') waiting.push(call.id);
      worker.postMessage(call);
      sampleForFirst();
    },
    async stop() {
      stopping = true;
      await worker.terminate();
    },
    hold(held) {
      if (held) worker.ref();
      else worker.unref();
    },
  };
}
