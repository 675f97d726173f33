/** All runs, newest first, kept up to date by the studio's events. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { RunRecord } from '../../shared/contract/records.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import { call } from '../bridge.ts';
import { isWorking } from '../lib/run-words.ts';
import type { LoadState } from './load-state.ts';

class Runs {
  all = $state.raw<readonly RunRecord[]>([]);
  load = $state.raw<LoadState>({ kind: 'loading' });
  /** The run that the engine is busy with. */
  working = $derived(this.all.find(isWorking) ?? null);

  byId(id: number): RunRecord | null {
    return this.all.find((run) => run.id === id) ?? null;
  }

  async refresh(): Promise<void> {
    try {
      const found = await call('runs.list', undefined);
      this.all = found.toSorted((one, other) => other.id - one.id);
      this.load = { kind: 'ready' };
    } catch (thrown) {
      this.load = { kind: 'failed', problem: toProblem(thrown) };
    }
  }

  apply(event: StudioEvent): void {
    if (event.kind === 'run-changed') this.#put(event.run);
    if (event.kind === 'run-removed') this.all = this.all.filter(({ id }) => id !== event.id);
  }

  async start(config: TrainingConfig): Promise<RunRecord> {
    const run = await call('runs.start', config);
    if (this.byId(run.id) === null) this.#put(run);
    return run;
  }

  #put(run: RunRecord): void {
    const known = this.byId(run.id) !== null;
    this.all = known ? this.all.map((old) => (old.id === run.id ? run : old)) : [run, ...this.all];
  }
}

export const runs = new Runs();
