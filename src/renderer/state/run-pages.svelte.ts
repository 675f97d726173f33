/** A list of runs page by page: what is searched, which page is shown, and when it is read again. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { RunPage } from '../../shared/contract/run-pages.ts';
import { call } from '../bridge.ts';
import { runGroups, type RunGroup } from '../lib/run-groups.ts';
import { Asked } from './asked.svelte.ts';
import { runs, type Runs } from './runs.svelte.ts';

/** How long a search has been still when it is asked for; milliseconds. */
const pause = 120;
/** Several changes at once are one reading. */
const gathering = 250;

export class RunPages {
  readonly size: number;
  readonly #begun: boolean;
  readonly #runs: Runs;
  search = $state('');
  group = $state<RunGroup>('all');
  /** The page, from 0. */
  page = $state(0);
  readonly #asked = new Asked<RunPage>();
  /** Rises when what was read may be otherwise by now. */
  #version = $state(0);
  #waiting = false;

  found = $derived(this.#asked.answer?.value ?? null);
  problem = $derived(this.#asked.failure?.problem ?? null);
  /** The runs of the page as they are now, newest first. */
  rows = $derived((this.found?.runs ?? []).flatMap(({ id }) => this.#runs.byId(id) ?? []));
  total = $derived(this.found?.total ?? 0);

  /** `begun`: only runs that have made a step. */
  constructor(size: number, begun = false, of: Runs = runs) {
    this.size = size;
    this.#begun = begun;
    this.#runs = of;
  }

  /** Another search begins on the first page. */
  seek(search: string): void {
    this.search = search;
    this.page = 0;
  }

  choose(group: RunGroup): void {
    this.group = group;
    this.page = 0;
  }

  /** Reads the page. For an effect: it is to be done again when what it reads changes, and what it gives ends the waiting. */
  follow(): () => void {
    const { search, page, size } = this;
    const filter = { search, states: [...runGroups[this.group].states], begun: this.#begun };
    const version = this.#version;
    const still = search === '' || version > 0 ? 0 : pause;
    const timer = setTimeout(() => {
      void this.#asked.ask(JSON.stringify(filter), async () => {
        const found = await call('runs.page', { ...filter, page, size });
        this.#runs.take(found.runs);
        // Runs were removed meanwhile, and the page with them.
        const last = Math.max(0, Math.ceil(found.total / size) - 1);
        if (page > last && this.page === page) this.page = last;
        return found;
      });
    }, still);
    return () => {
      clearTimeout(timer);
    };
  }

  /** To be told of an event before the runs are: what was known of the run says whether it belongs elsewhere now. */
  apply(event: StudioEvent): void {
    if (event.kind === 'run-removed') this.#readAgain();
    if (event.kind !== 'run-changed') return;
    const before = this.#runs.byId(event.run.id);
    const elsewhere =
      before === null ||
      before.state !== event.run.state ||
      before.name !== event.run.name ||
      (before.step === 0 && event.run.step > 0);
    if (elsewhere) this.#readAgain();
  }

  #readAgain(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    setTimeout(() => {
      this.#waiting = false;
      this.#version += 1;
    }, gathering);
  }
}

/** That of the Runs page, and that from which runs are chosen to be compared; kept when the page is left. */
export const runList = new RunPages(50);
export const comparable = new RunPages(24, true);
