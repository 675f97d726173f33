/** Trained adapters: tried, exported, thrown away. */
import { resolve } from 'node:path';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Prompt } from '../../shared/contract/engine.ts';
import { promptOf } from '../../shared/prompt-of.ts';
import type { Studio } from '../studio.ts';
import type { Desktop } from './desktop.ts';

export function adapterHandlers(
  { store, queries, paths, publish }: Studio,
  desktop: Desktop,
): FeatureHandlers<'adapters'> {
  async function promptFor(model: string, question: string): Promise<Prompt> {
    const description =
      store.models.byPath(model)?.description ??
      (await queries.call('model.inspect', { path: model }));
    return promptOf(question, description);
  }

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
        prompt: await promptFor(model, prompt),
        options: { maxNewTokens, temperature, seed: 0 },
      });
    },
    'adapters.export': ({ id, output, dtype }) => {
      const { model, path } = store.adapters.get(id);
      return queries.call(
        'merge',
        { model, adapter: path, output: resolve(output), dtype },
        {
          onEvent: (event) => {
            if (event.kind !== 'progress') return;
            const { phase, done, total } = event;
            publish({ kind: 'export-progress', adapterId: id, phase, done, total });
          },
        },
      );
    },
  };
}
