/** Prompts that runs answered while they trained, and every round of answers. */
import { z } from 'zod';
import {
  answersPoint,
  watchedPrompt,
  type AnswersPoint,
  type WatchedPrompt,
} from '../../shared/contract/run-points.ts';
import type { Connection } from './connection.ts';
import { insert, json } from './rows.ts';

const prompts = json(z.array(watchedPrompt));
const row = answersPoint.extend({ answers: json(answersPoint.shape.answers) });

export class WatchedStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** Keeps what is asked; a run that begins anew begins with these. */
  begin(runId: number, asked: readonly WatchedPrompt[]): void {
    this.#store.atOnce(() => {
      this.#put('watched_prompts', { runId, prompts: JSON.stringify(asked) });
      this.#store.prepare('delete from watched_answers where run_id = ?').run(runId);
    });
  }

  /** Keeps a round; one that is told twice is kept once. */
  add(runId: number, { step, answers }: AnswersPoint): void {
    const stored = { runId, step, answers: JSON.stringify(answers) };
    this.#store.unflushed(() => {
      this.#put('watched_answers', stored);
    });
  }

  /** What a run was asked, and its answers in the order of steps. */
  of(runId: number): { prompts: WatchedPrompt[]; rounds: AnswersPoint[] } {
    const asked = this.#store
      .prepare('select prompts from watched_prompts where run_id = ?')
      .pluck()
      .get(runId);
    const found = this.#store
      .prepare('select step, answers from watched_answers where run_id = ? order by step')
      .all(runId);
    return {
      prompts: asked === undefined ? [] : prompts.parse(asked),
      rounds: z.array(row).parse(found),
    };
  }

  #put(table: string, stored: Record<string, unknown>): void {
    const sql = insert(table, Object.keys(stored)).replace('insert', 'insert or replace');
    this.#store.prepare(sql).run(stored);
  }
}
