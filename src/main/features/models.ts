/** Base models of the library. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { addModel } from '../library.ts';
import type { Studio } from '../studio.ts';

export function modelHandlers(studio: Studio): FeatureHandlers<'models'> {
  const { store, queries, publish } = studio;
  return {
    'models.list': async () => {
      await studio.starters;
      return store.models.list();
    },
    'models.add': async ({ path }) => {
      const model = await addModel({ store, engine: queries }, path);
      publish({ kind: 'library-changed' });
      return model;
    },
    'models.remove': ({ id }) => {
      store.models.remove(id);
      publish({ kind: 'library-changed' });
    },
  };
}
