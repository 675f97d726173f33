/** Exports of adapters: written by the engine, entered in the store, stopped. */
import { resolve } from 'node:path';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Studio } from '../studio.ts';

export function exportHandlers({ store, queries, publish }: Studio): FeatureHandlers<'exports'> {
  const working = new Set<{ adapterId: number; stop: AbortController }>();

  return {
    'exports.write': async ({ adapterId, output, mergeBase, ...asked }) => {
      const { model, path } = store.adapters.get(adapterId);
      const work = { adapterId, stop: new AbortController() };
      working.add(work);
      try {
        const request = {
          ...asked,
          ...(mergeBase !== null && { mergeBase }),
          ...{ model, adapters: [{ path, weight: 1 }], output: resolve(output) },
        };
        const report = await queries.call('export', request, {
          signal: work.stop.signal,
          onEvent: (event) => {
            if (event.kind !== 'progress') return;
            const { phase, done, total } = event;
            publish({ kind: 'export-progress', adapterId, phase, done, total });
          },
        });
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
