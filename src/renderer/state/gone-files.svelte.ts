/** Which files of the library are no longer where they were. */
import { call } from '../bridge.ts';
import { library } from './library.svelte.ts';

class GoneFiles {
  #paths = $state.raw<ReadonlySet<string>>(new Set());

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Looks whether the files of all models and data sets are there. */
  async look(): Promise<void> {
    const paths = [...library.models, ...library.datasets].map(({ path }) => path);
    this.#paths = new Set(await call('files.gone', { paths }));
  }
}

export const goneFiles = new GoneFiles();
