/**
 * Which paths the page may name: those that a person picked or dropped, those that main has told it, and those in the store. A
 * page that something else took over can read and write nothing of its own choice. Free of Electron.
 */
import { dirname, resolve } from 'node:path';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { keepChosenFolders, readChosenFolders } from './chosen-folders.ts';
import type { Paths } from './paths.ts';
import type { Store } from './store/database.ts';
import { PathLookup } from './store/path-lookup.ts';

export class KnownPaths {
  readonly #models: Store['models'];
  readonly #lookup: PathLookup;
  readonly #folderFile: string;
  /** Full paths. */
  readonly #given: Set<string>;
  /** Folders in which something new may be written. */
  readonly #folders: Set<string>;

  constructor({ models }: Pick<Store, 'models'>, paths: Paths) {
    this.#models = models;
    this.#lookup = new PathLookup(paths.store);
    this.#folderFile = paths.chosenFolders;
    this.#given = new Set([paths.home, paths.adapters, paths.exports]);
    this.#folders = new Set([paths.exports, ...readChosenFolders(this.#folderFile)]);
  }

  /** A person has picked or dropped it, or main tells the page of it. */
  add(...paths: readonly string[]): void {
    for (const path of paths) this.#given.add(resolve(path));
  }

  /** What a configuration names stays known when its run is forgotten. */
  addConfig({ model, ...files }: TrainingConfig): void {
    this.add(model, ...filesOf(files));
  }

  /** A person has picked it to have exports put there. */
  addFolder(path: string): void {
    const folder = resolve(path);
    this.add(folder);
    // The newest is last.
    this.#folders.delete(folder);
    this.#folders.add(folder);
    keepChosenFolders(this.#folderFile, [...this.#folders]);
  }

  /** The path in full. Fails with 'studio/path-not-chosen'. */
  existing(path: string): string {
    const full = resolve(path);
    if (this.#given.has(full) || this.#lookup.has(full)) return full;
    throw lorikeetError('studio/path-not-chosen', { path: full });
  }

  /** The same of a place for something new, which is known by its folder. */
  fresh(path: string): string {
    const full = resolve(path);
    if (this.#folders.has(dirname(full))) return full;
    throw lorikeetError('studio/path-not-chosen', { path: full });
  }

  /** A model by its name in the library, or by its path as in `existing`. */
  model(nameOrPath: string): string {
    return this.#models.byName(nameOrPath)?.path ?? this.existing(nameOrPath);
  }

  /** Fails as `existing` does for the first path of these that is not known. */
  checkConfig({ model, ...files }: TrainingConfig): void {
    this.model(model);
    for (const path of filesOf(files)) this.existing(path);
  }

  /** Before the store is closed. */
  close(): void {
    this.#lookup.close();
  }
}

/** What a run reads beside its model. */
function filesOf({
  data,
  validation,
  fromAdapter,
  generalText,
}: Pick<TrainingConfig, 'data' | 'validation' | 'fromAdapter' | 'generalText'>): string[] {
  const held = [validation, generalText].flatMap((source) =>
    source.kind === 'file' ? [source.path] : [],
  );
  return [data, ...held, ...(fromAdapter === null ? [] : [fromAdapter])];
}
