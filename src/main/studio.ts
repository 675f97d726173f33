/** The studio without its window: store, engines, library and queue, put together. Free of Electron. */
import type { StudioEvent } from '../shared/contract/events.ts';
import { toProblem } from '../shared/errors/lorikeet-error.ts';
import { removeDraft } from './blend-draft.ts';
import { trailedTransport, type CrashTrail } from './crash-trail.ts';
import { EngineClient, type EngineTransport } from './engine-client.ts';
import { ModelFinder } from './found/model-finder.ts';
import { enterStarters, type Library } from './library.ts';
import { KnownPaths } from './known-paths.ts';
import type { Log } from './log.ts';
import type { Paths } from './paths.ts';
import type { Resources } from './resources.ts';
import { runNews } from './run-news.ts';
import { RunQueue } from './run-queue.ts';
import { openStore, type Store } from './store/database.ts';
import { sweep } from './sweep.ts';
import { watchStore } from './store-watch.ts';

/** A question asked after this long starts its engine anew; until then the model's memory is held. */
const queriesIdleMs = 3 * 60_000;
/** Training gives its memory back at once; the next run in the queue starts within this. */
const trainingIdleMs = 2_000;

/** How long an export that is cut off by quitting has to remove what it has written. */
const queriesPatienceMs = 5_000;

export type StudioParts = {
  paths: Paths;
  resources: Resources;
  log: Log;
  trail: CrashTrail;
  /** The engine that trains, and the one that answers questions meanwhile: a training engine is busy for hours. */
  transports: { training: EngineTransport; queries: EngineTransport };
  publish: (event: StudioEvent) => void;
  /** No run is left in progress or waiting. */
  onIdle: () => void;
};

export type Studio = {
  paths: Paths;
  trail: CrashTrail;
  store: Store;
  /** Which paths the page may name. */
  known: KnownPaths;
  queries: EngineClient;
  /** The engine that tries learning rates: the other one answers meanwhile. */
  searches: EngineClient;
  queue: RunQueue;
  /** Looks for models of other programs. */
  finder: ModelFinder;
  publish: (event: StudioEvent) => void;
  /** Enters what comes with Lorikeet; settles when the library is complete. */
  starters: Promise<void>;
  /** Pauses the run in progress, waits for its checkpoint, and closes engines and store. */
  close(): Promise<void>;
};

/** Opens the store and takes up the queue. Errors: those of `openStore`. */
export function openStudio(parts: StudioParts): Studio {
  const { paths, log, trail, transports, publish } = parts;
  const store = openStore(paths.store);
  const known = new KnownPaths(store, paths);
  removeDraft(paths.adapters);
  for (const path of sweep(store, paths.adapters)) log.note(`left half written, removed: ${path}`);
  const queries = new EngineClient(
    trailedTransport(transports.queries, trail, 'the engine that answers questions'),
    queriesIdleMs,
  );
  const training = new EngineClient(
    trailedTransport(transports.training, trail, 'the engine that trains'),
    trainingIdleMs,
  );
  const searches = new EngineClient(
    trailedTransport(transports.queries, trail, 'the engine that tries learning rates'),
    trainingIdleMs,
  );
  const queue = new RunQueue({ store, engine: training }, paths.adapters, {
    onChange: runNews(publish),
    onIdle: parts.onIdle,
    onUnkept: (thrown) => {
      log.fault('a run', thrown);
      publish({ kind: 'crash', problem: toProblem(thrown) });
    },
    onFault: (where, thrown) => {
      log.fault(where, thrown);
    },
  });
  const endWatch = watchStore(store, publish);
  queue.resume();
  return {
    paths,
    trail,
    store,
    known,
    queries,
    searches,
    queue,
    finder: new ModelFinder({
      describe: (path) => queries.call('model.inspect', { path }),
      tell: (done, total) => {
        publish({ kind: 'find-progress', done, total });
      },
    }),
    publish,
    starters: prepareLibrary({ store, engine: queries }, parts),
    async close() {
      endWatch();
      await queue.close();
      await Promise.all([queries.close(queriesPatienceMs), training.close(), searches.close()]);
      removeDraft(paths.adapters);
      known.close();
      store.close();
    },
  };
}

async function prepareLibrary(library: Library, parts: StudioParts): Promise<void> {
  try {
    if (await enterStarters(library, parts.resources)) parts.publish({ kind: 'library-changed' });
  } catch (thrown) {
    // Without its starter model the studio still works with a person's own.
    parts.log.fault('starter model and samples', thrown);
  }
}
