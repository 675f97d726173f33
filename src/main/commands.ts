/** What each command of the contract does. A command without a handler does not compile. Free of Electron. */
import { resolve } from 'node:path';
import type { Prompt } from '../shared/contract/engine.ts';
import type { CommandHandlers, CommandRequest } from '../shared/contract/commands.ts';
import type { AdapterRecord, TrainEstimate } from '../shared/contract/records.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { addModel, rememberDataset, resolveModel } from './library.ts';
import { logCommands } from './log-commands.ts';
import { withFullPaths } from './runs.ts';
import type { Studio } from './studio.ts';

/** What only a desktop can do. */
export type Desktop = {
  version: string;
  pick(kind: CommandRequest<'files.pick'>['kind']): Promise<string | null>;
  reveal(path: string): void;
  /** Moves a folder to the trash. Fails with 'studio/not-trashed'; a folder that is gone is fine. */
  trash(path: string): Promise<void>;
};

export function commandHandlers(studio: Studio, desktop: Desktop): CommandHandlers {
  const { store, desk, queue, paths, publish } = studio;
  const libraryChanged = () => {
    publish({ kind: 'library-changed' });
  };

  function adapterOf(id: number): AdapterRecord {
    const adapter = store.adapters.byId(id);
    if (adapter) return adapter;
    throw lorikeetError('studio/not-found', { kind: 'adapter', name: String(id) });
  }

  /** A model with a chat template is asked as in training; one without continues the text. */
  async function promptFor(model: string, text: string): Promise<Prompt> {
    const { hasChatTemplate } =
      store.models.byPath(model)?.description ??
      (await desk.call('model.inspect', { path: model }));
    return hasChatTemplate
      ? { kind: 'chat', messages: [{ role: 'user', content: text }] }
      : { kind: 'text', text };
  }

  function estimate(config: TrainingConfig): Promise<TrainEstimate> {
    return desk.call('train.estimate', { config: withFullPaths(store, config) });
  }

  return {
    'app.info': async () => ({
      version: desktop.version,
      home: paths.home,
      device: await desk.call('device.inspect', null),
    }),
    'files.pick': ({ kind }) => desktop.pick(kind),
    'files.reveal': ({ path }) => {
      desktop.reveal(path);
    },

    ...logCommands(studio.trail, paths.log, (path) => {
      desktop.reveal(path);
    }),

    'models.list': async () => {
      await studio.starters;
      return store.models.list();
    },
    'models.add': async ({ path }) => {
      const model = await addModel({ store, engine: desk }, path);
      libraryChanged();
      return model;
    },
    'models.remove': ({ id }) => {
      store.models.remove(id);
      libraryChanged();
    },

    'datasets.list': async () => {
      await studio.starters;
      return store.datasets.list();
    },
    'datasets.inspect': async ({ path, model, sequenceLength }) => {
      const named = model === null ? null : resolveModel(store, model);
      const request = { path: resolve(path), model: named, sequenceLength };
      const report = await desk.call('data.inspect', request);
      if (rememberDataset(store, report)) libraryChanged();
      return report;
    },

    'runs.list': () => store.runs.list(),
    'runs.estimate': estimate,
    'runs.start': async (config) => {
      // An export keeps the desk for minutes: the run's own engine then says what is wrong.
      if (!desk.isBusyWith('merge')) await estimate(config);
      return queue.add(config);
    },
    'runs.stop': ({ id }) => {
      queue.stop(id);
    },
    'runs.rename': ({ id, name }) => {
      store.runs.update(id, { name });
      publish({ kind: 'run-changed', run: store.runs.get(id) });
    },
    'runs.remove': ({ id }) => {
      queue.remove(id);
      publish({ kind: 'run-removed', id });
      libraryChanged();
    },
    'runs.metrics': ({ id }) => ({ ...store.metrics.of(id), health: store.health.of(id) }),

    'adapters.list': () => store.adapters.list(),
    'adapters.remove': async ({ id }) => {
      const { path } = adapterOf(id);
      // Only what Lorikeet put into its own folder is its to throw away.
      if (path.startsWith(`${paths.adapters}/`)) await desktop.trash(path);
      store.adapters.remove(id);
      libraryChanged();
    },
    'adapters.try': async ({ id, prompt, maxNewTokens, temperature }) => {
      const { model, path } = adapterOf(id);
      return desk.call('compare', {
        model,
        adapters: [{ path, weight: 1 }],
        precision: 'auto',
        prompt: await promptFor(model, prompt),
        options: { maxNewTokens, temperature, seed: 0 },
      });
    },
    'adapters.export': ({ id, output, dtype }) => {
      const { model, path } = adapterOf(id);
      return desk.call(
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
