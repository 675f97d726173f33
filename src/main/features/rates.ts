/** The search for a learning rate: several are tried over the first steps of a run, in an engine of their own. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { EngineEvent } from '../../shared/contract/engine.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { withFullPaths } from '../runs.ts';
import type { Studio } from '../studio.ts';

export function rateHandlers({
  store,
  known,
  searches,
  queue,
  publish,
}: Studio): FeatureHandlers<'rates'> {
  const working = new Set<AbortController>();

  function tell(event: EngineEvent): void {
    if (event.kind === 'progress') {
      const { phase, done, total } = event;
      publish({ kind: 'rate-progress', phase, done, total });
    }
    if (event.kind === 'variant' && event.event.kind === 'step') {
      const { step, loss } = event.event.point;
      publish({ kind: 'rate-step', trial: event.variant, step, loss });
    }
  }

  return {
    'rates.search': async ({ config, trials }) => {
      known.checkConfig(config);
      const { current } = queue;
      if (current) throw lorikeetError('studio/training-now', { name: current.name });
      const stop = new AbortController();
      working.add(stop);
      try {
        const request = { config: withFullPaths(store, config), trials };
        const { signal } = stop;
        return await searches.call('train.search', request, { signal, onEvent: tell });
      } finally {
        working.delete(stop);
      }
    },
    'rates.stop': () => {
      for (const stop of working) stop.abort();
    },
  };
}
