/** Finds runs among many: pages of the list, and the files that runs have used. */
import { z } from 'zod';
import type { RunFilter } from '../../shared/contract/run-pages.ts';
import { folded, type Connection } from './connection.ts';

/** What a person sees of a run: its name, those of its model and data, and what was written down about it. */
const seen = ['models.name', 'datasets.name', 'run_remarks.text']
  .map((column) => `coalesce(${column}, '')`)
  .reduce((all, each) => `${all} || char(10) || ${each}`, 'run_texts.text');

/** All of it is answered from indexes and small tables: configurations are not read. */
const fitting = `from runs
  join run_texts on run_texts.run_id = runs.id
  left join run_remarks on run_remarks.run_id = runs.id
  left join models on models.path = run_texts.model
  left join datasets on datasets.path = run_texts.data
  where (@anyState or runs.state in (select value from json_each(@states)))
  and (not @begun or runs.step > 0)
  and not exists (
    select 1 from json_each(@words) as word
    where case when @folding then folded(${seen}) else ${seen} end not like word.value escape '\\'
  )`;

const ids = z.array(z.int());

export class RunSearch {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** The numbers of the runs on a page of `size`, newest first, and how many there are on all pages. Pages count from 0. */
  page({ search, states, begun }: RunFilter, page: number, size: number) {
    const words = folded(search)
      .split(/\s+/)
      .filter((word) => word !== '');
    const given = {
      anyState: Number(states.length === 0),
      states: JSON.stringify(states),
      begun: Number(begun),
      words: JSON.stringify(words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)),
      // LIKE knows the cases of ASCII, and calls no function for each run.
      folding: Number(/\P{ASCII}/u.test(search)),
    };
    const total = this.#store.prepare(`select count(*) ${fitting}`).pluck().get(given);
    const found = this.#store
      .prepare(`select runs.id ${fitting} order by runs.id desc limit @size offset @from`)
      .pluck()
      .all({ ...given, size, from: page * size });
    return { ids: ids.parse(found), total: z.int().parse(total) };
  }

  /** The newest run that learnt from this file or was validated on it; null for none. */
  newestWith(path: string): number | null {
    const newest = (column: 'data' | 'validation') =>
      `(select max(run_id) from run_texts where ${column} = @path)`;
    const sql = `select max(coalesce(${newest('data')}, 0), coalesce(${newest('validation')}, 0))`;
    return z.int().parse(this.#store.prepare(sql).pluck().get({ path })) || null;
  }

  /** The newest runs of a model, at most `limit`. */
  newestOf(model: string, limit: number): number[] {
    const found = this.#store
      .prepare('select run_id from run_texts where model = ? order by run_id desc limit ?')
      .pluck()
      .all(model, limit);
    return ids.parse(found);
  }

  /** At most `limit` data files that runs have used, those of the newest runs first. */
  files(limit: number): string[] {
    const found = this.#store
      .prepare(
        `select path from (
           select data as path, max(run_id) as newest from run_texts group by data
           union all select validation, max(run_id) from run_texts group by validation
         ) where path is not null group by path order by max(newest) desc, path limit ?`,
      )
      .pluck()
      .all(limit);
    return z.array(z.string()).parse(found);
  }
}
