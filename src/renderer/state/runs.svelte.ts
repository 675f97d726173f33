/** The runs that the window knows, kept up to date by the studio's events: all that have work ahead, and those that were looked at. */
import { SvelteSet } from 'svelte/reactivity';
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { RunRecord, RunState } from '../../shared/contract/records.ts';
import { mostRunsAtOnce } from '../../shared/contract/run-pages.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import { call } from '../bridge.ts';
import { isUnfinished, isWorking } from '../../shared/run-states.ts';
import type { LoadState } from './load-state.ts';
import { notices } from './notices.svelte.ts';

/** These are always known: the queue, what trains, and what can go on. */
const ahead: RunState[] = ['queued', 'preparing', 'running', 'paused', 'interrupted'];

export class Runs {
  /** Newest first. There may be thousands more in the store: see `RunPages`. */
  known = $state.raw<readonly RunRecord[]>([]);
  load = $state.raw<LoadState>({ kind: 'loading' });
  /** The run that the engine is busy with. */
  working = $derived(this.known.find(isWorking) ?? null);
  #asked: readonly number[] = [];
  readonly #gone = new SvelteSet<number>();

  /** Null for one that is not known: whoever wants it says so with `need`. */
  byId(id: number): RunRecord | null {
    return this.known.find((run) => run.id === id) ?? null;
  }

  /** How many are trained at once with a run, itself among them, and have work ahead. */
  together({ groupId }: Pick<RunRecord, 'groupId'>): number {
    if (groupId === null) return 1;
    return this.known.filter((run) => run.groupId === groupId && isUnfinished(run)).length;
  }

  /** It was asked for, and is not there any more. */
  isGone(id: number): boolean {
    return this.#gone.has(id);
  }

  /** Reads what has work ahead. */
  async refresh(): Promise<void> {
    try {
      const filter = { search: '', states: ahead, begun: false };
      for (let page = 0; ; page += 1) {
        const found = await call('runs.page', { ...filter, page, size: mostRunsAtOnce });
        this.take(found.runs);
        if (found.runs.length < mostRunsAtOnce) break;
      }
      this.load = { kind: 'ready' };
    } catch (thrown) {
      this.load = { kind: 'failed', problem: toProblem(thrown) };
    }
  }

  /** Reads those of these that are not known yet. */
  async need(ids: readonly number[]): Promise<void> {
    const lacking = ids
      .filter((id) => !this.#asked.includes(id) && this.byId(id) === null)
      .slice(0, mostRunsAtOnce);
    if (lacking.length === 0) return;
    this.#asked = [...this.#asked, ...lacking];
    try {
      const found = await call('runs.some', { ids: lacking });
      this.take(found);
      for (const id of lacking) if (found.every((run) => run.id !== id)) this.#gone.add(id);
    } catch (thrown) {
      notices.fail(thrown);
    }
    this.#asked = this.#asked.filter((id) => !lacking.includes(id));
  }

  apply(event: StudioEvent): void {
    if (event.kind === 'run-changed') this.take([event.run]);
    if (event.kind === 'run-removed') {
      this.known = this.known.filter(({ id }) => id !== event.id);
      this.#gone.add(event.id);
    }
  }

  async start(config: TrainingConfig): Promise<RunRecord> {
    const run = await call('runs.start', config);
    if (this.byId(run.id) === null) this.take([run]);
    return run;
  }

  /** Of those that are trained at once the worse half ends again and again where they are `halving`. */
  async startSeries(configs: TrainingConfig[], halving: boolean): Promise<RunRecord[]> {
    const started = await call('runs.series', { configs, halving });
    this.take(started.filter(({ id }) => this.byId(id) === null));
    return started;
  }

  /** Puts records in their places, instead of those that were known of the same runs. */
  take(found: readonly RunRecord[]): void {
    if (found.length === 0) return;
    const others = this.known.filter(({ id }) => found.every((run) => run.id !== id));
    this.known = [...found, ...others].sort((one, other) => other.id - one.id);
  }
}

export const runs = new Runs();
