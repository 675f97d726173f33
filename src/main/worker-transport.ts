/** The engine as a thread of this process: for the command line and tests, where no window shares the process. */
import { checkAddressSpace } from './engine/runtime/address-space.ts';
import { engineEnvironment } from './engine/runtime/environment.ts';
import { startEngineThread, type ThreadStart } from './engine/thread.ts';

/** Beside this file, among the sources and in the command line as it is built (electron.vite.config.ts). */
const engine = import.meta.url.endsWith('.ts') ? './engine/worker.ts' : './engine-worker.js';

/**
 * A transport over the worker thread in `file` (the engine itself if none is named). TensorFlow
 * reads the variables of the whole process, not those of a thread, so they are set here.
 * Errors, when it starts: engine/no-address-space.
 */
export function workerTransport(file: URL = new URL(engine, import.meta.url)): ThreadStart {
  return (listener) => {
    checkAddressSpace();
    Object.assign(process.env, engineEnvironment());
    return startEngineThread(file, listener);
  };
}
