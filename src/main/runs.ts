/** The life of one run, the same for the studio and the command line: queued, preparing, running, and how it ended. */
import { basename, extname, join, resolve } from 'node:path';
import type { EngineEvent, TrainResult } from '../shared/contract/engine.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { toProblem } from '../shared/errors/lorikeet-error.ts';
import { resolveModel, type Library } from './library.ts';
import { slug } from './paths.ts';
import type { Store } from './store/database.ts';

export type RunOptions = {
  /** Aborting stops the run; it then keeps what it has learnt. */
  signal?: AbortSignal;
  /** Called with the record after every change of it. */
  onChange?: (run: RunRecord) => void;
  onEvent?: (event: EngineEvent) => void;
};

/** The configuration with the model by its path, and every path absolute. Fails with 'studio/not-found' for an unknown model. */
export function withFullPaths(store: Store, config: TrainingConfig): TrainingConfig {
  const { validation } = config;
  return {
    ...config,
    model: resolveModel(store, config.model),
    data: resolve(config.data),
    validation:
      validation.kind === 'file' ? { ...validation, path: resolve(validation.path) } : validation,
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
    'output' in place ? resolve(place.output) : join(place.adapters, `${id}-${slug(name)}`),
  );
}

/** 'smollm2-135m-instruct on home-train' */
function defaultName(store: Store, model: string, data: string): string {
  const modelName = store.models.byPath(model)?.name ?? basename(model, extname(model));
  return `${modelName} on ${basename(data, extname(data))}`;
}

/**
 * Trains a queued run to its end and answers with its record: finished, stopped or failed, the
 * problem with it. Every point is in the store before the next one comes.
 */
export async function executeRun(
  { store, engine }: Library,
  id: number,
  options: RunOptions = {},
): Promise<RunRecord> {
  const { signal, onChange, onEvent } = options;
  const { config, output } = store.runs.get(id);
  const changed = () => onChange?.(store.runs.get(id));
  const unkept = new AbortController();
  store.runs.update(id, { state: 'preparing', startedAt: Date.now() });
  changed();
  try {
    const request = { config, output };
    const result = await engine.call('train', request, {
      run: id,
      signal: signal ? AbortSignal.any([signal, unkept.signal]) : unkept.signal,
      onEvent: (event) => {
        try {
          if (keep(store, id, event)) changed();
        } catch (thrown) {
          // A run whose points cannot be kept is stopped, so that its adapter is not lost too.
          unkept.abort(thrown);
        }
        onEvent?.(event);
      },
    });
    keepResult(store, id, result);
    if (unkept.signal.aborted) throw unkept.signal.reason;
  } catch (thrown) {
    const problem = toProblem(thrown);
    const stopped = problem.code === 'engine/cancelled';
    store.runs.update(id, {
      state: stopped ? 'stopped' : 'failed',
      finishedAt: Date.now(),
      problem: stopped ? null : problem,
    });
  }
  changed();
  return store.runs.get(id);
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
      const { trainableParameters, totalParameters, totalSteps } = event;
      const figures = { trainableParameters, totalParameters, totalSteps };
      store.runs.update(id, { state: 'running', ...figures });
      return true;
    }
    case 'step':
      store.metrics.addStep(id, event.point);
      return true;
    case 'validation':
      store.metrics.addValidation(id, event.point);
      return true;
    case 'memory':
      store.runs.update(id, { peakMemoryBytes: Math.round(event.peakBytes) });
      return true;
    case 'progress':
    case 'notice':
      return false;
  }
}

function keepResult(store: Store, id: number, result: TrainResult): void {
  const { name, config } = store.runs.get(id);
  store.adapters.add({
    name,
    path: result.adapter,
    runId: id,
    model: config.model,
    rank: config.lora.rank,
    alpha: config.lora.alpha,
    parameters: result.trainableParameters,
    createdAt: Date.now(),
  });
  store.runs.update(id, {
    state: result.stopped ? 'stopped' : 'finished',
    finishedAt: Date.now(),
    trainableParameters: result.trainableParameters,
    totalParameters: result.totalParameters,
  });
}
