/** Trained adapters: tried, traced, thrown away. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { promptOf } from '../../shared/prompt-of.ts';
import { describeModel } from '../library.ts';
import { lineageOf, pathsOf } from '../lineage.ts';
import type { Studio } from '../studio.ts';
import { tellLabels } from '../tell-labels.ts';
import type { Desktop } from './desktop.ts';

export function adapterHandlers(
  { store, known, queries, paths, publish }: Studio,
  desktop: Desktop,
): FeatureHandlers<'adapters'> {
  return {
    'adapters.list': () => store.adapters.list(),
    'adapters.remove': async ({ id }) => {
      const { path } = store.adapters.get(id);
      // Only what Lorikeet put into its own folder is its to throw away.
      if (path.startsWith(`${paths.adapters}/`)) await desktop.trash(path);
      store.adapters.remove(id);
      publish({ kind: 'library-changed' });
    },
    'adapters.try': async ({ id, prompt, maxNewTokens, temperature }) => {
      const { model, path } = store.adapters.get(id);
      return queries.call('compare', {
        model,
        adapters: [{ path, weight: 1 }],
        precision: 'auto',
        prompt: promptOf(prompt, await describeModel({ store, engine: queries }, model)),
        options: { maxNewTokens, temperature, seed: 0 },
      });
    },
    'adapters.classify': async ({ id, texts }) => {
      const adapter = store.adapters.get(id);
      const { model, path } = adapter;
      const asked = { model, adapters: [adapter], folders: [path] };
      const { base, adapted } = await tellLabels({ store, queries }, asked, texts);
      const [answer] = adapted;
      if (answer === undefined) throw new RangeError('an adapter without an answer');
      return { base, adapted: answer };
    },
    'adapters.form': ({ model, path }) =>
      queries.call('adapter.inspect', { model: known.model(model), path: known.existing(path) }),
    'adapters.origin': async ({ id }) => {
      const lineage = await lineageOf(store, queries, id);
      if (lineage.origin !== null) known.add(...pathsOf(lineage.origin));
      known.add(...lineage.exports.flatMap(({ path, origin }) => [path, ...pathsOf(origin)]));
      return lineage;
    },
  };
}
