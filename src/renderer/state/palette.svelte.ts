/** The command palette: what is typed, what is found of pages, actions, runs and adapters, and which entry is chosen. */
import type { RunPage } from '../../shared/contract/run-pages.ts';
import { call } from '../bridge.ts';
import { actions, appearances } from '../lib/actions.ts';
import { fitting, type Entry } from '../lib/palette.ts';
import { routeHash } from '../lib/route.ts';
import { runGroups } from '../lib/run-groups.ts';
import { runStates } from '../lib/run-words.ts';
import { Asked } from './asked.svelte.ts';
import { library } from './library.svelte.ts';

/** As many runs and adapters as can be looked over. */
const most = 8;
/** How long typing has been still when runs are asked for; milliseconds. */
const pause = 100;

export class Palette {
  search = $state('');
  #at = $state(0);
  readonly #runs = new Asked<RunPage>();

  readonly #fixed: readonly Entry[] = [
    ...actions.filter(({ effect }) => !('open' in effect && effect.open === 'palette')),
    ...appearances,
  ].map((each) => ({
    ...{
      key: `do ${each.label}`,
      label: each.label,
      note: '',
      icon: each.icon,
      effect: each.effect,
    },
    keys: each.keys,
  }));

  /** None while only those of other words are known: Enter would open one of them. */
  readonly #foundRuns = $derived(
    this.#runs.answer?.of === this.search ? this.#runs.answer.value.runs : [],
  );
  readonly #found = $derived([
    ...fitting(this.#fixed, this.search),
    ...this.#foundRuns.map(({ id, name, state }): Entry => ({
      ...{
        key: `run ${id}`,
        label: name,
        note: `Run, ${runStates[state].label.toLowerCase()}`,
        icon: 'runs',
      },
      ...{ keys: null, effect: { to: routeHash({ page: 'run', id }) } },
    })),
    ...fitting(
      library.adapters.map(({ id, name }): Entry => ({
        ...{ key: `adapter ${id}`, label: name, note: 'Adapter', icon: 'adapters' },
        ...{ keys: null, effect: { to: routeHash({ page: 'adapters', id }) } },
      })),
      this.search,
    ).slice(0, most),
  ]);
  /** An action that is a page, too, stands there once. */
  readonly entries = $derived(
    this.#found.filter(({ key }, at) => this.#found.findIndex((each) => each.key === key) === at),
  );
  readonly at = $derived(Math.min(this.#at, Math.max(0, this.entries.length - 1)));
  readonly chosen = $derived(this.entries[this.at] ?? null);
  readonly problem = $derived(this.#runs.failure?.problem ?? null);

  seek(search: string): void {
    this.search = search;
    this.#at = 0;
  }

  /** Chooses the next entry, or with −1 the one before; around the ends. */
  move(by: 1 | -1): void {
    const { length } = this.entries;
    if (length > 0) this.#at = (this.at + by + length) % length;
  }

  point(key: string): void {
    this.#at = Math.max(
      0,
      this.entries.findIndex((entry) => entry.key === key),
    );
  }

  /** Reads the runs that fit. For an effect, whose end gives up what is not asked for yet. */
  follow(): () => void {
    const { search } = this;
    const filter = { search, states: [...runGroups.all.states], begun: false };
    const timer = setTimeout(() => {
      void this.#runs.ask(search, () => call('runs.page', { ...filter, page: 0, size: most }));
    }, pause);
    return () => {
      clearTimeout(timer);
    };
  }
}
