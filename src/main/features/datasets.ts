/** Data files of the library. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { rememberDataset, resolveModel } from '../library.ts';
import type { Studio } from '../studio.ts';

export function datasetHandlers(studio: Studio): FeatureHandlers<'datasets'> {
  const { store, known, queries, publish } = studio;
  return {
    'datasets.list': async () => {
      await studio.starters;
      return store.datasets.list();
    },
    'datasets.remove': ({ id }) => {
      const dataset = store.datasets.byId(id);
      // A form may still be filled with it.
      if (dataset !== null) known.add(dataset.path);
      store.datasets.remove(id);
      publish({ kind: 'library-changed' });
    },
    'datasets.inspect': async ({ path, model, ...asked }) => {
      const named = model === null ? null : resolveModel(store, known.model(model));
      const { validation } = asked.held;
      if (validation.kind === 'file') known.existing(validation.path);
      const request = { ...asked, path: known.existing(path), model: named };
      const report = await queries.call('data.inspect', request);
      if (rememberDataset(store, report)) publish({ kind: 'library-changed' });
      return report;
    },
  };
}
