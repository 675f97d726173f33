/** Entry of the engine's worker thread: the only thread that ever loads TensorFlow. */
import { parentPort } from 'node:worker_threads';
import { handlers } from './commands/index.ts';
import { serveEngine } from './serve.ts';

if (parentPort === null) throw new Error('The engine worker is started as a worker thread only.');
serveEngine(parentPort, handlers);
