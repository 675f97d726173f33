/** Runs: what one would need, the queue, and what is known of those before. */
import { setImmediate } from 'node:timers/promises';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { TrainEstimate } from '../../shared/contract/records.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { withFullPaths } from '../runs.ts';
import type { Studio } from '../studio.ts';

/** Data files of runs that are offered to be chosen again. */
const mostFiles = 50;

export function runHandlers({
  store,
  known,
  queries,
  queue,
  publish,
}: Studio): FeatureHandlers<'runs'> {
  function estimate(config: TrainingConfig): Promise<TrainEstimate> {
    return queries.call('train.estimate', { config: withFullPaths(store, config) });
  }

  return {
    'runs.list': () => store.runs.list(),
    'runs.page': ({ page, size, ...filter }) => store.runs.page(filter, page, size),
    'runs.some': ({ ids }) => store.runs.some(ids),
    'runs.files': () => store.runs.search.files(mostFiles),
    'runs.estimate': (config) => {
      known.checkConfig(config);
      return estimate(config);
    },
    'runs.start': async (config) => {
      known.checkConfig(config);
      // Exports and tables keep that engine for minutes: the run's own engine then says what is wrong.
      const busy = queries.isBusyWith('merge') || queries.isBusyWith('evaluate.table');
      if (!busy) await estimate(config);
      return queue.add(config);
    },
    'runs.stop': ({ id }) => {
      queue.stop(id);
    },
    'runs.rename': ({ id, name }) => {
      store.runs.update(id, { name });
      publish({ kind: 'run-changed', run: store.runs.get(id) });
    },
    'runs.remove': ({ id }) => {
      const { config } = store.runs.get(id);
      queue.remove(id);
      // A form may still be filled with it.
      known.addConfig(config);
      publish({ kind: 'run-removed', id });
      publish({ kind: 'library-changed' });
    },
    'runs.curves': async ({ ids }) => {
      const curves = [];
      for (const id of ids) {
        curves.push({ id, points: store.metrics.lossCurve(id) });
        // Others have their turn between two runs.
        await setImmediate();
      }
      return curves;
    },
    'runs.metrics': async ({ id }) => ({
      steps: await store.metrics.columns(id),
      validations: store.metrics.validations(id),
      health: store.health.of(id),
    }),
  };
}
