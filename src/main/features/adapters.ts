/** Trained adapters: tried, exported, thrown away. */
import { resolve } from 'node:path';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Prompt } from '../../shared/contract/engine.ts';
import type { AdapterRecord } from '../../shared/contract/records.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { promptOf } from '../../shared/prompt-of.ts';
import type { Studio } from '../studio.ts';
import type { Desktop } from './desktop.ts';

export function adapterHandlers(
  { store, queries, paths, publish }: Studio,
  desktop: Desktop,
): FeatureHandlers<'adapters'> {
  function adapterOf(id: number): AdapterRecord {
    const adapter = store.adapters.byId(id);
    if (adapter) return adapter;
    throw lorikeetError('studio/not-found', { kind: 'adapter', name: String(id) });
  }

  async function promptFor(model: string, question: string): Promise<Prompt> {
    const description =
      store.models.byPath(model)?.description ??
      (await queries.call('model.inspect', { path: model }));
    return promptOf(question, description);
  }

  return {
    'adapters.list': () => store.adapters.list(),
    'adapters.remove': async ({ id }) => {
      const { path } = adapterOf(id);
      // Only what Lorikeet put into its own folder is its to throw away.
      if (path.startsWith(`${paths.adapters}/`)) await desktop.trash(path);
      store.adapters.remove(id);
      publish({ kind: 'library-changed' });
    },
    'adapters.try': async ({ id, prompt, maxNewTokens, temperature }) => {
      const { model, path } = adapterOf(id);
      return queries.call('compare', {
        model,
        adapters: [{ path, weight: 1 }],
        precision: 'auto',
        prompt: await promptFor(model, prompt),
        options: { maxNewTokens, temperature, seed: 0 },
      });
    },
    'adapters.export': ({ id, output, dtype }) => {
      const { model, path } = adapterOf(id);
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
