/** The cross-domain table: what is in it, how far it has come and what it came to; kept when the page is left. */
import type { CommandResponse } from '../../shared/contract/commands.ts';
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { AdapterRecord, RunRecord } from '../../shared/contract/records.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';
import { blockLength, ownFiles, suggestedAdapters } from '../lib/table-choice.ts';
import { advanced, type WorkProgress } from '../lib/work-progress.ts';

export class TableWork {
  base = $state(true);
  /** Examples that are answered for the exact match; null for all of a file. */
  answers = $state<number | null>(50);
  /** Examples of a file that count; null for all. */
  limit = $state<number | null>(null);
  picked = $state.raw<readonly string[]>([]);
  working = $state(false);
  stopping = $state(false);
  progress = $state.raw<WorkProgress | null>(null);
  result = $state.raw<CommandResponse<'tables.evaluate'> | null>(null);
  problem = $state.raw<Problem | null>(null);
  #adapters = $state.raw<readonly number[] | null>(null);
  #files = $state.raw<readonly string[] | null>(null);

  /** The rows, in the order in which they were chosen; until somebody chooses, the newest that go together. */
  adapters(all: readonly AdapterRecord[]): AdapterRecord[] {
    if (this.#adapters === null) return suggestedAdapters(all);
    return this.#adapters.flatMap((id) => all.find((each) => each.id === id) ?? []);
  }

  /** The columns; until somebody chooses, the own files of the rows. */
  files(rows: readonly AdapterRecord[], runs: readonly RunRecord[]): readonly string[] {
    return this.#files ?? ownFiles(rows, runs);
  }

  toggleAdapter(id: number, rows: readonly AdapterRecord[]): void {
    this.#adapters = toggled(
      rows.map((row) => row.id),
      id,
    );
  }

  toggleFile(path: string, files: readonly string[]): void {
    this.#files = toggled(files, path);
  }

  /** Takes in a file that may be new here. */
  pick(path: string, files: readonly string[]): void {
    if (!this.picked.includes(path)) this.picked = [...this.picked, path];
    if (!files.includes(path)) this.toggleFile(path, files);
  }

  async start(
    rows: readonly AdapterRecord[],
    files: readonly string[],
    runs: readonly RunRecord[],
  ): Promise<void> {
    if (this.working) return;
    // A run that ends meanwhile changes what is suggested, and the choice would not be that of the table.
    this.#adapters = rows.map(({ id }) => id);
    this.#files = [...files];
    this.working = true;
    this.problem = null;
    try {
      this.result = await call('tables.evaluate', {
        adapters: rows.map(({ id }) => id),
        base: this.base,
        data: [...files],
        limit: this.limit,
        answers: this.answers,
        sequenceLength: blockLength(rows, runs),
      });
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.code !== 'engine/cancelled') this.problem = problem;
    } finally {
      this.working = false;
      this.stopping = false;
      this.progress = null;
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await call('tables.stop', undefined);
  }

  apply(event: StudioEvent, now = performance.now()): void {
    if (event.kind !== 'table-progress' || !this.working) return;
    this.progress = advanced(this.progress, event, now);
  }
}

function toggled<T>(all: readonly T[], one: T): T[] {
  return all.includes(one) ? all.filter((each) => each !== one) : [...all, one];
}

export const tableWork = new TableWork();
