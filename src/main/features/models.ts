/** Base models of the library. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { addModel } from '../library.ts';
import type { Studio } from '../studio.ts';

export function modelHandlers(studio: Studio): FeatureHandlers<'models'> {
  const { store, known, queries, finder, publish } = studio;
  return {
    'models.list': async () => {
      await studio.starters;
      return store.models.list();
    },
    'models.add': async ({ path }) => {
      const full = known.existing(path);
      const model = await addModel({ store, engine: queries }, full, finder.nameOf(full));
      publish({ kind: 'library-changed' });
      return model;
    },
    'models.find': async () => {
      const found = await finder.find();
      known.add(...found.models.map(({ path }) => path));
      return found;
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
