/** Runs: what one would need, the queue, and what is known of those before. */
import { setImmediate } from 'node:timers/promises';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { RunEstimate } from '../../shared/contract/estimates.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { unlikeValidation } from '../../shared/series.ts';
import { paceOf } from '../pace.ts';
import { discardFiles } from '../run-files.ts';
import { withFullPaths } from '../runs.ts';
import { groupsOf } from '../series.ts';
import type { Studio } from '../studio.ts';
import type { Desktop } from './desktop.ts';

/** Data files of runs that are offered to be chosen again. */
const mostFiles = 50;

export function runHandlers(
  { store, known, queries, queue, publish }: Studio,
  desktop: Desktop,
): FeatureHandlers<'runs'> {
  async function estimate(given: TrainingConfig): Promise<RunEstimate> {
    const config = withFullPaths(store, given);
    const needs = await queries.call('train.estimate', { configs: [config] });
    const { base, totalSteps } = needs;
    return { ...needs, pace: paceOf(store, { config, base, totalSteps }) };
  }

  /** Exports and tables keep that engine for minutes: the run's own engine then says what is wrong. */
  const canEstimate = () => !queries.isBusyWith('merge') && !queries.isBusyWith('evaluate.table');

  async function start(config: TrainingConfig, notBefore: number | null) {
    known.checkConfig(config);
    if (canEstimate()) await estimate(config);
    return queue.add(config, notBefore);
  }

  async function startSeries(given: readonly TrainingConfig[], halving: boolean) {
    for (const config of given) known.checkConfig(config);
    const configs = given.map((config) => withFullPaths(store, config));
    const why = halving ? unlikeValidation(configs) : null;
    if (why !== null) throw lorikeetError('train/not-to-be-halved', { why });
    const ask = (group: readonly TrainingConfig[]) =>
      queries.call('train.estimate', { configs: group });
    return queue.addSeries(await groupsOf(configs, canEstimate() ? ask : null), halving);
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
    'runs.start': (config) => start(config, null),
    'runs.later': ({ config, notBefore }) => start(config, notBefore),
    'runs.series': ({ configs, halving }) => startSeries(configs, halving),
    'runs.ofSeries': ({ id }) => store.runs.ofSeries(id),
    'runs.stop': ({ id }) => {
      queue.stop(id);
    },
    'runs.pause': ({ id }) => {
      queue.pause(id);
    },
    'runs.resume': ({ id, at }) => queue.goOn(id, at),
    'runs.move': ({ id, before }) => {
      queue.move(id, before);
    },
    'runs.schedule': ({ id, notBefore }) => {
      queue.schedule(id, notBefore);
    },
    'runs.retry': ({ id }) => queue.retry(id),
    'runs.rename': ({ id, name }) => {
      store.runs.update(id, { name });
      publish({ kind: 'run-changed', run: store.runs.get(id) });
    },
    'runs.remark': ({ id, ...remarks }) => {
      store.runs.get(id);
      store.runs.update(id, remarks);
      publish({ kind: 'run-changed', run: store.runs.get(id) });
    },
    'runs.remove': async ({ id, adapter }) => {
      const run = store.runs.get(id);
      queue.checkRemovable(id);
      await discardFiles(store, run, adapter, (path) => desktop.trash(path));
      queue.remove(id);
      // A form may still be filled with it.
      known.addConfig(run.config);
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
      watched: store.watched.of(id),
    }),
  };
}
