/** What each request does with the engine. */
import { handlers as engine } from '../../src/main/engine/commands/index.ts';
import { readMemory, sampleMemory } from '../../src/main/engine/process-memory.ts';
import { tensorflowVersion } from '../../src/shared/cache-layout.mjs';
import type { OwnVariant, Replies, RequestName, Requests } from '../protocol.ts';
import { Answering } from './answering.ts';
import { quantizeFile } from './exporting.ts';
import { mergeFiles } from './merging.ts';
import { Training } from './training.ts';

export type Handlers = {
  [K in RequestName]: (request: Requests<OwnVariant>[K]) => Replies[K] | Promise<Replies[K]>;
};

const context = { emit: () => undefined, signal: new AbortController().signal };

/** Handlers over one process' worth of state. The high-water mark of memory starts here. */
export function createHandlers(): Handlers {
  sampleMemory(() => undefined);
  const training = new Training();
  const answering = new Answering();
  return {
    hello: () => ({ versions: { Node: process.versions.node, TensorFlow: tensorflowVersion } }),
    load: (request) => training.load(request),
    step: ({ batch }) => training.step(batch),
    evaluate: ({ batches }) => training.evaluate(batches),
    gradient: ({ batch, output }) => training.gradient(batch, output),
    logits: async ({ model, adapter, tokens, output }) => {
      const adapters = [{ path: adapter, weight: 1 }];
      await engine.logits({ model, adapters, precision: 'float32', tokens, output }, context);
      return {};
    },
    loadGenerator: (request) => answering.load(request),
    generate: (request) => answering.generate(request),
    merge: (request) => mergeFiles(request),
    quantize: (request) => quantizeFile(request),
    memory: () => ({ peakBytes: readMemory().peakBytes }),
  };
}
