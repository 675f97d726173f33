/** Tables of adapters and data files: how well adapters of one domain do in others. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { DataFile } from '../../shared/contract/engine.ts';
import { commonBase } from '../common-base.ts';
import type { Studio } from '../studio.ts';

export function tableHandlers({
  store,
  known,
  queries,
  publish,
}: Studio): FeatureHandlers<'tables'> {
  const working = new Set<AbortController>();

  /** With the mapping of the newest run that used the file. */
  function dataFile(given: string): DataFile {
    const path = known.existing(given);
    const configs = store.runs.list().map(({ config }) => config);
    const used = configs.findLast(
      ({ data, validation }) =>
        data === path || (validation.kind === 'file' && validation.path === path),
    );
    return { path, columns: used?.columns ?? [] };
  }

  return {
    'tables.evaluate': async ({ adapters: ids, data, ...asked }) => {
      const adapters = ids.map((id) => store.adapters.get(id));
      const model = commonBase(adapters);
      const stop = new AbortController();
      working.add(stop);
      const notices: string[] = [];
      try {
        const request = {
          ...asked,
          ...{ model, precision: 'auto' as const },
          adapters: adapters.map(({ path }) => ({ path, weight: 1 })),
          data: data.map(dataFile),
        };
        const table = await queries.call('evaluate.table', request, {
          signal: stop.signal,
          onEvent: (event) => {
            if (event.kind === 'notice') notices.push(event.text);
            if (event.kind !== 'progress') return;
            const { phase, done, total } = event;
            publish({ kind: 'table-progress', phase, done, total });
          },
        });
        return { table, notices };
      } finally {
        working.delete(stop);
      }
    },
    'tables.stop': () => {
      for (const stop of working) stop.abort();
    },
  };
}
