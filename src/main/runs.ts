/** The life of one run, the same for the studio and the command line: queued, preparing, running, and how it ended. */
import { basename, extname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EngineEvent, TrainRequest, VariantOutcome } from '../shared/contract/engine.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { localDate } from '../shared/local-date.ts';
import { slug } from '../shared/slug.ts';
import type { CallOptions } from './engine-client.ts';
import { beginLeaner } from './leaner.ts';
import { resolveModel, type Library } from './library.ts';
import { ownCheckpointFolder } from './checkpoint-folder.ts';
import { keptAtLast, type Waiting } from './kept-at-last.ts';
import { KeptCheckpoints } from './run-checkpoints.ts';
import { failedAll, keepOutcomes } from './run-outcomes.ts';
import { stopOnceReady } from './stop-once-ready.ts';
import type { Store } from './store/database.ts';
import { sweepRuns } from './sweep.ts';

export type RunOptions = {
  /**
   * Aborting stops the run, which then keeps what it has learnt, or pauses it where the reason says so (`askedTo`). One that is still
   * being opened and has a checkpoint writes the adapter of that.
   */
  signal?: AbortSignal;
  /** Called with the record after every change of it. */
  onChange?: (run: RunRecord) => void;
  onEvent?: (event: EngineEvent) => void;
  /** How it begins and ends is written once the store has room for it; without this, a store that has none is an error. */
  waiting?: Waiting;
};

/** The configuration with the model by its path, and every path absolute. Fails with 'studio/not-found' for an unknown model. */
export function withFullPaths(store: Store, config: TrainingConfig): TrainingConfig {
  const { validation, generalText } = config;
  return {
    ...config,
    model: resolveModel(store, config.model),
    data: resolve(config.data),
    fromAdapter: config.fromAdapter === null ? null : resolve(config.fromAdapter),
    validation:
      validation.kind === 'file' ? { ...validation, path: resolve(validation.path) } : validation,
    generalText:
      generalText.kind === 'file'
        ? { ...generalText, path: resolve(generalText.path) }
        : generalText,
  };
}

/**
 * Enters a run into the store, queued, with absolute paths. Its adapter goes to `output`, or to a
 * folder of its own in `adapters` (paths.ts). Fails with 'studio/not-found' for an unknown model.
 */
export function createRun(
  store: Store,
  config: TrainingConfig,
  place: { output: string } | { adapters: string },
): RunRecord {
  const placed = withFullPaths(store, config);
  const name = config.name.trim() || defaultName(store, placed.model, placed.data);
  return store.runs.create({ ...placed, name }, (id) =>
    'output' in place ? resolve(place.output) : join(place.adapters, `${id}-${slug(name, 'run')}`),
  );
}

/** 'smollm2-135m-instruct on home-train' */
function defaultName(store: Store, model: string, data: string): string {
  const modelName = store.models.byPath(model)?.name ?? basename(model, extname(model));
  return `${modelName} on ${basename(data, extname(data))}`;
}

/**
 * Trains a run to its end, from its checkpoint where it has one, and answers with its record: finished, stopped, paused,
 * interrupted or failed, the problem with it. Every point is in the store before the next one comes.
 */
export async function executeRun(
  library: Library,
  id: number,
  options: RunOptions = {},
): Promise<RunRecord> {
  const begun = hasBegun(library.store, id);
  await execute(library, [id], options, async (call, place) => {
    const request = trainRequest(library.store, id, begun);
    return [await library.engine.call('train', { ...request, ...place }, { ...call, runs: [id] })];
  });
  return library.store.runs.get(id);
}

/**
 * Trains runs at once over one base, as `executeRun` does one. Where some end before the others, these go on in a call
 * of their own, with a program of their size.
 */
export async function executeVariants(
  library: Library,
  ids: readonly number[],
  options: RunOptions = {},
): Promise<RunRecord[]> {
  let going = ids;
  while (going.length > 0) {
    const onEvent = numberedAmong(ids, going, options.onEvent);
    going = await executeGroup(library, going, { ...options, onEvent });
  }
  // One that has ended may have been removed since.
  return ids.flatMap((id) => library.store.runs.byId(id) ?? []);
}

/** Gives those that go on without the others. */
async function executeGroup(
  library: Library,
  ids: readonly number[],
  options: RunOptions,
): Promise<number[]> {
  const { store, engine } = library;
  const begun = ids.filter((id) => hasBegun(store, id));
  const halving = store.runs.some(ids).every((run) => run.halving);
  const outcomes = await execute(library, ids, options, async (call, place) => {
    const variants = ids.map((id) => trainRequest(store, id, begun.includes(id)));
    return engine.call(
      'train.variants',
      { variants, splits: true, halving, ...place },
      { ...call, runs: ids },
    );
  });
  return ids.filter((_, index) => outcomes[index]?.kind === 'going');
}

/** Has events of the variants of `going` told under their numbers among `ids`. */
function numberedAmong(
  ids: readonly number[],
  going: readonly number[],
  onEvent: RunOptions['onEvent'] = () => undefined,
): (event: EngineEvent) => void {
  return (event) => {
    if (event.kind !== 'variant') onEvent(event);
    else onEvent({ ...event, variant: ids.indexOf(going[event.variant] ?? NaN) });
  };
}

/** An adapter that finds no room where it was to go is put beside those of the studio, on the disk of the store. */
function trainRequest(store: Store, id: number, begun: boolean): TrainRequest {
  const { config, output } = store.runs.get(id);
  const rescue = join(store.folder, 'adapters', `rescued-${id}-${basename(output)}`);
  return { config, output, rescue, begun };
}

/** Whether it was in progress before; to be asked before it is again. */
function hasBegun({ runs }: Store, id: number): boolean {
  return runs.get(id).startedAt !== null;
}

async function execute(
  { store }: Library,
  ids: readonly number[],
  { signal, onChange, onEvent, waiting }: RunOptions,
  train: (
    call: CallOptions,
    place: { checkpoints: string; resume?: string },
  ) => Promise<VariantOutcome[]>,
): Promise<VariantOutcome[]> {
  const changed = (id: number) => onChange?.(store.runs.get(id));
  const written = <T>(write: () => T) => keptAtLast(() => store.atOnce(write), waiting ?? null);
  const checkpoints = await written(() => begin(store, ids));
  const kept = new KeptCheckpoints(store.runs, ids, checkpoints);
  const unkept = new AbortController();
  const keepFor = (id: number, event: EngineEvent) => {
    try {
      if (keep(store, id, event)) changed(id);
      if (event.kind === 'checkpoint') kept.removeOld();
    } catch (thrown) {
      // A run whose points cannot be kept is stopped, so that its adapter is not lost too.
      unkept.abort(thrown);
    }
  };
  sweepRuns(ids.map((id) => store.runs.get(id)));
  for (const id of ids) changed(id);
  const [checkpoint] = ids.map((id) => store.runs.get(id).checkpoint);
  const asked = signal ? AbortSignal.any([signal, unkept.signal]) : unkept.signal;
  const end = stopOnceReady(asked, checkpoint !== null);
  const call: CallOptions = {
    signal: end.signal,
    onEvent: (event) => {
      end.hear(event);
      const told = event.kind === 'variant' ? ids.slice(event.variant, event.variant + 1) : ids;
      for (const id of told) keepFor(id, event.kind === 'variant' ? event.event : event);
      onEvent?.(event);
    },
  };
  const place = { checkpoints, ...(checkpoint && { resume: checkpoint.path }) };
  const came = await train(call, place).catch((thrown: unknown) => failedAll(ids, thrown));
  await written(() => {
    keepOutcomes(store, ids, came);
    if (unkept.signal.aborted) keepOutcomes(store, ids, failedAll(ids, unkept.signal.reason));
  });
  kept.end();
  for (const id of ids) changed(id);
  return unkept.signal.aborted ? failedAll(ids, unkept.signal.reason) : came;
}

/** In progress from now on, with what it is to have less of in memory; gives the folder of its checkpoints. */
function begin(store: Store, ids: readonly number[]): string {
  const folder = ownCheckpointFolder(store.runs, ids);
  const started = new Date();
  beginLeaner(store, ids);
  for (const id of ids) {
    // Chat templates may write the date: it is that of the start, then and whenever the adapter is asked.
    const { config, startedAt, heldBy } = store.runs.get(id);
    const date = config.date ?? localDate(started);
    store.runs.update(id, {
      ...{ state: 'preparing', config: { ...config, date } },
      ...{ startedAt: startedAt ?? started.getTime(), finishedAt: null, problem: null },
      // One that is to stop still is where this process ends before it has.
      ...{ queueOrder: null, notBefore: null, heldBy: heldBy === 'stop' ? heldBy : null },
    });
  }
  return folder;
}

/** Enters a run and trains it at once: what `lorikeet train` does. */
export async function recordRun(
  library: Library,
  config: TrainingConfig,
  place: { output: string } | { adapters: string },
  options: RunOptions = {},
): Promise<RunRecord> {
  return executeRun(library, createRun(library.store, config, place).id, options);
}

/** Stores what an event tells; true if the run's record changed by it. */
function keep(store: Store, id: number, event: EngineEvent): boolean {
  switch (event.kind) {
    case 'prepared': {
      const { trainableParameters, totalParameters, totalSteps, labels, base } = event;
      const figures = { trainableParameters, totalParameters, totalSteps, labels, base };
      store.runs.update(id, { state: 'running', ...figures });
      return true;
    }
    case 'step':
      store.metrics.addStep(id, event.point);
      return true;
    case 'validation':
      store.metrics.addValidation(id, event.point);
      return true;
    case 'memory': {
      // A process that goes on with a run counts from nothing.
      const before = store.runs.get(id).peakMemoryBytes ?? 0;
      store.runs.update(id, { peakMemoryBytes: Math.max(before, Math.round(event.peakBytes)) });
      return true;
    }
    case 'checkpoint':
      store.runs.update(id, { checkpoint: event.checkpoint });
      return true;
    case 'best':
      store.runs.update(id, { best: event.best });
      return true;
    case 'forgetting':
      store.runs.update(id, { forgetting: event.forgetting });
      return true;
    case 'change': {
      const { changes, config } = store.runs.get(id);
      // A run that lost its process may come to the same change again.
      const isNew = !changes.some((before) => isDeepStrictEqual(before, event.change));
      const changed = {
        changes: isNew ? [...changes, event.change] : changes,
        config: { ...config, ...event.settings },
      };
      store.runs.update(id, changed);
      return true;
    }
    case 'notice': {
      const { notices } = store.runs.get(id);
      // A run that is taken up again is told the same again.
      if (notices.includes(event.text)) return false;
      store.runs.update(id, { notices: [...notices, event.text] });
      return true;
    }
    case 'health':
      store.health.add(id, event.point);
      return false;
    case 'watched':
      store.watched.begin(id, event.prompts);
      return false;
    case 'answers':
      store.watched.add(id, event.point);
      return false;
    case 'progress':
    case 'answer':
    case 'variant':
      return false;
  }
}
