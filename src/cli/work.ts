/** What a command works with: the engine, the library, Ctrl-C and the progress display; all of it is given back at the end. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { crashTrail, trailedTransport } from '../main/crash-trail.ts';
import { EngineClient } from '../main/engine-client.ts';
import { keepingThread } from '../main/kept-thread.ts';
import { enterStarters, resolveModel } from '../main/library.ts';
import { openLog } from '../main/log.ts';
import { dataPaths, type Paths } from '../main/paths.ts';
import { locateResources } from '../main/resources.ts';
import { openStore, type Store } from '../main/store/database.ts';
import { sweep } from '../main/sweep.ts';
import { workerTransport } from '../main/worker-transport.ts';
import type {
  EngineCommandName,
  EngineEvent,
  EngineRequest,
  EngineResponse,
} from '../shared/contract/engine.ts';
import { sayChange } from '../shared/say-change.ts';
import { newAlarms } from './alarms.ts';
import { createProgress } from './progress.ts';
import type { Output } from './output.ts';
import { unreadSignal } from './standard-streams.ts';
import { stopSignal } from './stop-signal.ts';

export type Work = {
  /** Takes the progress bar away before it writes. */
  readonly output: Output;
  readonly engine: EngineClient;
  readonly paths: Paths;
  /** Aborted by Ctrl-C and a closed terminal. */
  readonly signal: AbortSignal;
  /** For a run, which keeps what it has: the same, and when nobody reads stdout any more; `kill` asks it to pause. */
  readonly keepingSignal: AbortSignal;
  /** The store, opened at first use. */
  store(): Store;
  /** A command of the engine, with its progress shown. */
  call<N extends EngineCommandName>(
    command: N,
    request: EngineRequest<N>,
  ): Promise<EngineResponse<N>>;
  /** Shows an event of the engine: progress, steps, notices, alarms. */
  show(event: EngineEvent): void;
  /** Enters the starter model and the sample data into the library, where they are not there yet. */
  enterStarters(): Promise<void>;
  /** The path of a model given by name or path. Throws studio/not-found. */
  resolveModel(nameOrPath: string): Promise<string>;
};

const transport = keepingThread(workerTransport());

/** Does `task`, then ends the engine and closes the store, also when it fails. */
export async function withEngine<T>(given: Output, task: (work: Work) => Promise<T>): Promise<T> {
  const paths = dataPaths();
  const log = openLog(paths.log);
  const trail = crashTrail(log, () => {
    // The call that fails with it says so at the end.
  });
  const engine = new EngineClient(trailedTransport(transport, trail, 'the engine'));
  const progress = createProgress({ plain: !given.json });
  const output = beforeEach(given, () => {
    progress.clear();
  });
  let store: Store | null = null;
  const stop = stopSignal((how) => {
    const does = how === 'pause' ? 'A run pauses, and other work stops' : 'Stopping';
    output.note(`${does}; Ctrl-C ${how === 'pause' ? '' : 'again '}ends at once.`);
  });
  const unread = unreadSignal();
  const openedStore = (): Store => {
    if (store === null) {
      store = openStore(paths.store);
      for (const id of store.runs.recover(false).interrupted)
        log.note(`run ${id} ended with its process`);
      for (const path of sweep(store, paths.adapters))
        log.note(`left half written, removed: ${path}`);
    }
    return store;
  };
  const alarmsOf = newAlarms();
  const show = (event: EngineEvent) => {
    if (event.kind === 'notice') output.note(event.text);
    else if (event.kind === 'change') output.note(sayChange(event.change));
    else progress.show(event);
    for (const alarm of alarmsOf(event)) output.note(alarm);
  };
  const starters = async () => {
    await enterStarters({ store: openedStore(), engine }, locateResources());
  };
  try {
    return await task({
      output,
      engine,
      paths,
      signal: stop.signal,
      keepingSignal: AbortSignal.any([stop.ofRun, unread.signal]),
      store: openedStore,
      show,
      enterStarters: starters,
      call: (command, request) =>
        engine.call(command, request, { signal: stop.signal, onEvent: show }),
      resolveModel: async (nameOrPath) => {
        const known = () => openedStore().models.byName(nameOrPath) !== null;
        if (!known() && !existsSync(resolve(nameOrPath))) await starters();
        return resolveModel(openedStore(), nameOrPath);
      },
    });
  } finally {
    progress.clear();
    stop.release();
    unread.release();
    await engine.close();
    closeStore(store);
  }
}

/** The same output, with something done before it writes: text and a progress bar do not share a line. */
function beforeEach(output: Output, first: () => void): Output {
  return {
    json: output.json,
    result: (value, text) => {
      if (text || output.json) first();
      output.result(value, text);
    },
    text: (text) => {
      first();
      output.text(text);
    },
    note: (text) => {
      first();
      output.note(text);
    },
  };
}

/** The store is opened inside a closure, where the compiler cannot follow it. */
function closeStore(store: Store | null): void {
  store?.close();
}
