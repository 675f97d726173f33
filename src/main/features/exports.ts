/** Exports of adapters: written by the engine, entered in the store, stopped. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Studio } from '../studio.ts';

export function exportHandlers({
  store,
  known,
  queries,
  publish,
}: Studio): FeatureHandlers<'exports'> {
  const working = new Set<{ adapterId: number; stop: AbortController }>();

  return {
    'exports.write': async ({ adapterId, output, mergeBase, ...asked }) => {
      const { model, path } = store.adapters.get(adapterId);
      const work = { adapterId, stop: new AbortController() };
      working.add(work);
      try {
        const request = {
          ...asked,
          ...(mergeBase !== null && { mergeBase: known.model(mergeBase) }),
          ...{ model, adapters: [{ path, weight: 1 }], output: known.fresh(output) },
        };
        const report = await queries.call('export', request, {
          signal: work.stop.signal,
          onEvent: (event) => {
            if (event.kind !== 'progress') return;
            const { phase, done, total } = event;
            publish({ kind: 'export-progress', adapterId, phase, done, total });
          },
        });
        known.add(report.output);
        const origin = await queries.call('origin.read', { path: report.output });
        if (origin?.kind === 'export') store.exports.add(report.output, origin);
        publish({ kind: 'library-changed' });
        return report;
      } finally {
        working.delete(work);
      }
    },
    'exports.stop': ({ adapterId }) => {
      for (const work of working) if (work.adapterId === adapterId) work.stop.abort();
    },
  };
}
