/**
 * Which checkpoints of a run stay. They are removed here and not where they are written, since one may go only when the store
 * tells of a later one, or of the adapter: killed in between, the run would have nothing to go on from.
 */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPartialCheckpoint, stepInName } from '../shared/checkpoint-name.ts';
import { canGoOn, isOpen } from '../shared/run-states.ts';
import type { RunStore } from './store/runs.ts';

/** The checkpoints of runs that are trained at once, in one folder. */
export class KeptCheckpoints {
  readonly #runs: RunStore;
  readonly #ids: readonly number[];
  readonly #folder: string | undefined;
  #removal = Promise.resolve();

  constructor(runs: RunStore, ids: readonly number[], folder: string | undefined) {
    this.#runs = runs;
    this.#ids = ids;
    this.#folder = folder;
  }

  /** The store tells of a further one: those before it go, but for as many as are to be kept. */
  removeOld(): void {
    const [folder, runs] = [this.#folder, this.#ids.map((id) => this.#runs.get(id))];
    if (folder === undefined) return;
    const told = runs.flatMap(({ checkpoint }) => checkpoint?.path ?? []);
    const kept = Math.max(...runs.map(({ config }) => config.keepCheckpoints));
    this.#removal = this.#removal.then(() => removeOldCheckpoints(folder, told, kept));
  }

  /** The store tells how the runs ended: where none can go on, all checkpoints go. */
  async end(): Promise<void> {
    await this.#removal;
    const runs = this.#ids.flatMap((id) => this.#runs.byId(id) ?? []);
    if (this.#folder === undefined || runs.some((run) => isOpen(run) || canGoOn(run))) return;
    await removeCheckpoints(this.#folder);
    for (const { id, checkpoint } of runs)
      if (checkpoint !== null) this.#runs.update(id, { checkpoint: null });
  }
}

/** Leaves the latest, as many as are `kept`, and those that are `told`. What cannot be removed now goes with the others later. */
export async function removeOldCheckpoints(
  folder: string,
  told: readonly string[],
  kept: number,
): Promise<void> {
  const found = await namesIn(folder);
  const checkpoints = found.flatMap((name) => {
    const step = stepInName(name);
    return step === null ? [] : [{ path: join(folder, name), step }];
  });
  checkpoints.sort((a, b) => b.step - a.step);
  const old = checkpoints.slice(kept).filter(({ path }) => !told.includes(path));
  await removeAll(old.map(({ path }) => path));
}

/** Of runs that are over: all of them with what was not finished, and the folder where nothing else is in it. */
export async function removeCheckpoints(folder: string): Promise<void> {
  const found = await namesIn(folder);
  const own = found.filter((name) => stepInName(name) !== null || isPartialCheckpoint(name));
  await removeAll(own.map((name) => join(folder, name)));
  await rmdir(folder).catch(() => undefined);
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true }).catch(() => undefined);
}
