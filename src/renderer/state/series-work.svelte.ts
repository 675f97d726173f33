/** The series in the form of a new run: which settings have several values; kept when the page is left. */
import type { RunRecord } from '../../shared/contract/records.ts';
import type { KeptSeries } from '../lib/kept-form.ts';
import {
  beginWith,
  seriesOf,
  variable,
  type Series,
  type VariedKey,
  type Varied,
} from '../lib/series-form.ts';
import { newRun } from './new-run.svelte.ts';

class SeriesWork {
  varied = $state.raw<readonly Varied[]>([]);
  halving = $state(true);

  /** Settings that do not have several values yet. */
  free = $derived.by((): VariedKey[] => {
    const taken = this.varied.map(({ key }) => key);
    const all = variable(newRun.about, newRun.draft.durationKind);
    return all.filter((key) => !taken.includes(key));
  });
  /** Null where no setting has several values. */
  series = $derived.by((): Series | null => {
    if (this.varied.length === 0) return null;
    const { name } = newRun.draft;
    return seriesOf(this.varied, name, this.halving, (changes) => newRun.checkedWith(changes));
  });

  /** What outlives the window. */
  kept = $derived({ varied: this.varied, halving: this.halving });

  restore({ varied, halving }: Pick<KeptSeries, 'varied' | 'halving'>): void {
    this.varied = varied;
    this.halving = halving;
  }

  add(key: VariedKey): void {
    this.varied = [...this.varied, { key, text: beginWith(key, newRun.draft[key]) }];
  }

  type(key: VariedKey, text: string): void {
    this.varied = this.varied.map((each) => (each.key === key ? { key, text } : each));
  }

  remove(key: VariedKey): void {
    this.varied = this.varied.filter((each) => each.key !== key);
  }

  /** Starts all of them; null where something is wrong, which is shown. */
  async start(): Promise<RunRecord[] | null> {
    if (!this.series?.ok) {
      newRun.tried = true;
      return null;
    }
    const started = await newRun.startSeries(this.series.configs, this.halving);
    if (started !== null) this.varied = [];
    return started;
  }
}

export const seriesWork = new SeriesWork();
