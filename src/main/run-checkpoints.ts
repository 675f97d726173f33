/**
 * Which checkpoints of a run stay. They are removed here and not where they are written, since one may go only when the store
 * tells of a later one, or of the adapter: killed in between, the run would have nothing to go on from.
 */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isPartialCheckpoint, stepInName } from '../shared/checkpoint-name.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import { isUnfinished } from '../shared/run-states.ts';
import { checkpointFolderOf } from './checkpoint-folder.ts';
import type { RunStore } from './store/runs.ts';
import { partialName } from './system/partial-name.ts';

/** The checkpoints of runs that are trained at once, in one folder. */
export class KeptCheckpoints {
  readonly #runs: RunStore;
  readonly #ids: readonly number[];
  readonly #folder: string;
  #removal = Promise.resolve();

  constructor(runs: RunStore, ids: readonly number[], folder: string) {
    this.#runs = runs;
    this.#ids = ids;
    this.#folder = folder;
  }

  /** The store tells of a further one: those before it go, but for as many as are to be kept. */
  removeOld(): void {
    const [folder, runs] = [this.#folder, this.#ids.map((id) => this.#runs.get(id))];
    const told = this.#told();
    const kept = Math.max(...runs.map(({ config }) => config.keepCheckpoints));
    this.#removal = this.#removal.then(() => removeOldCheckpoints(folder, told, kept));
  }

  /** The store tells how the runs ended: where none can go on, all checkpoints go. Nobody has to wait for the disk. */
  end(): void {
    const runs = this.#ids.flatMap((id) => this.#runs.byId(id) ?? []);
    if (runs.some(isUnfinished)) return;
    const told = this.#told().filter((path) => dirname(path) === this.#folder);
    try {
      void (told.length > 0
        ? removeOldCheckpoints(this.#folder, told, 0)
        : removeCheckpoints(this.#folder));
    } catch {
      // It cannot be looked into now, which is no fault of the runs: the next start comes back to it.
      return;
    }
    this.#forget(runs);
  }

  /** Last: by what is not forgotten a start finds what a process that was killed before has left (`removeLeftCheckpoints`). */
  #forget(runs: readonly RunRecord[]): void {
    try {
      for (const { id, checkpoint } of runs)
        if (checkpoint !== null) this.#runs.update(id, { checkpoint: null });
    } catch {
      // The store has no room for it: how the run ended is entered, and the next start forgets.
    }
  }

  /** Also of one that was trained with these, and has left them. */
  #told(): string[] {
    return this.#runs.unfinished().flatMap(({ checkpoint }) => checkpoint?.path ?? []);
  }
}

/** Takes away the checkpoints of runs whose process was killed between their end and this. */
export function removeLeftCheckpoints(runs: RunStore): void {
  const used = new Set(runs.unfinished().map(checkpointFolderOf));
  for (const run of runs.overWithCheckpoint()) {
    const folder = checkpointFolderOf(run);
    if (folder !== null && !used.has(folder)) new KeptCheckpoints(runs, [run.id], folder).end();
  }
}

/** Leaves the latest, as many as are `kept`, and those that are `told`. What cannot be removed now goes with the others later. */
export async function removeOldCheckpoints(
  folder: string,
  told: readonly string[],
  kept: number,
): Promise<void> {
  const checkpoints = (await namesIn(folder)).filter(isCheckpoint);
  checkpoints.sort((a, b) => (stepInName(b) ?? 0) - (stepInName(a) ?? 0));
  const old = checkpoints.slice(kept).filter((name) => !told.includes(join(folder, name)));
  await removeAll(setAside(folder, old));
}

/**
 * Of runs that are over: all of them with what was not finished, and the folder where nothing else is in it. Nothing stands there
 * any more when this returns, before it is removed. Errors: those of the system, where there is something that cannot be looked into.
 */
export function removeCheckpoints(folder: string): Promise<void> {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  const own = found.filter((name) => isCheckpoint(name) || isPartialCheckpoint(name));
  const [place, name] = [dirname(folder), basename(folder)];
  return removeAll(own.length === found.length ? setAside(place, [name]) : setAside(folder, own));
}

const isCheckpoint = (name: string): boolean => stepInName(name) !== null;
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Gives folders the names of such that are not finished: half removed, none stands for a whole one, and the next start sweeps. */
function setAside(place: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const aside = partialName(name);
    try {
      renameSync(join(place, name), join(place, aside));
      return [join(place, aside)];
    } catch {
      // It is not there, or cannot be removed now.
      return [];
    }
  });
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true }).catch(() => undefined);
}
