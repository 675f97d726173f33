/** Base models of the library. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { addModel } from '../library.ts';
import type { Studio } from '../studio.ts';

export function modelHandlers(studio: Studio): FeatureHandlers<'models'> {
  const { store, known, queries, publish } = studio;
  return {
    'models.list': async () => {
      await studio.starters;
      return store.models.list();
    },
    'models.add': async ({ path }) => {
      const model = await addModel({ store, engine: queries }, known.existing(path));
      publish({ kind: 'library-changed' });
      return model;
    },
    'models.remove': ({ id }) => {
      const model = store.models.byId(id);
      // A form may still be filled with it.
      if (model !== null) known.add(model.path);
      store.models.remove(id);
      publish({ kind: 'library-changed' });
    },
  };
}
