/** Models, data sets and adapters that the studio knows. */
import type { DatasetRecord } from '../../shared/contract/data-report.ts';
import type { AdapterRecord, ModelRecord } from '../../shared/contract/records.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import { call } from '../bridge.ts';
import { baseName } from '../lib/paths.ts';
import type { LoadState } from './load-state.ts';

class Library {
  models = $state.raw<readonly ModelRecord[]>([]);
  datasets = $state.raw<readonly DatasetRecord[]>([]);
  adapters = $state.raw<readonly AdapterRecord[]>([]);
  load = $state.raw<LoadState>({ kind: 'loading' });

  async refresh(): Promise<void> {
    try {
      const [models, datasets, adapters] = await Promise.all([
        call('models.list', undefined),
        call('datasets.list', undefined),
        call('adapters.list', undefined),
      ]);
      this.models = models;
      this.datasets = datasets;
      this.adapters = adapters.toSorted((one, other) => other.id - one.id);
      this.load = { kind: 'ready' };
    } catch (thrown) {
      this.load = { kind: 'failed', problem: toProblem(thrown) };
    }
  }

  modelByPath(path: string | null): ModelRecord | null {
    return this.models.find((model) => model.path === path) ?? null;
  }

  /** The library's name of a model, or its file's where it is no longer in the library. */
  modelName(path: string): string {
    return this.modelByPath(path)?.name ?? baseName(path);
  }

  /** The library's name of a data file, or the file's own. */
  datasetName(path: string): string {
    return this.datasets.find((dataset) => dataset.path === path)?.name ?? baseName(path);
  }

  adapterById(id: number | null): AdapterRecord | null {
    return this.adapters.find((adapter) => adapter.id === id) ?? null;
  }

  adapterByPath(path: string): AdapterRecord | null {
    return this.adapters.find((adapter) => adapter.path === path) ?? null;
  }

  /** Enters a model file or folder and returns its record. */
  async addModel(path: string): Promise<ModelRecord> {
    const model = await call('models.add', { path });
    await this.refresh();
    return model;
  }
}

export const library = new Library();
