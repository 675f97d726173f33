/** Runs: what one would need, the queue, and what is known of those before. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { TrainEstimate } from '../../shared/contract/records.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { withFullPaths } from '../runs.ts';
import type { Studio } from '../studio.ts';

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
    'runs.metrics': ({ id }) => ({ ...store.metrics.of(id), health: store.health.of(id) }),
  };
}
