/** The latest look into the chosen data file. */
import type { CommandRequest } from '../../shared/contract/commands.ts';
import type { DataReport } from '../../shared/contract/data-report.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';

type Wanted = CommandRequest<'datasets.inspect'>;

/** Typing a number must not start a look at the file with every key; milliseconds. */
const pause = 350;

export class Inspection {
  report = $state.raw<DataReport | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  #latest = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Looks at a file a little later, unless the same was asked last. Null empties the report. */
  ask(wanted: Wanted | null): void {
    const key = JSON.stringify(wanted);
    if (key === this.#latest) return;
    const otherFile = wanted?.path !== this.report?.path;
    this.#latest = key;
    clearTimeout(this.#timer);
    this.problem = null;
    if (otherFile) this.report = null;
    this.busy = wanted !== null;
    if (wanted !== null) this.#timer = setTimeout(() => void this.#run(wanted, key), pause);
  }

  /** An answer that is no longer wanted is dropped. */
  async #run(wanted: Wanted, key: string): Promise<void> {
    try {
      const report = await call('datasets.inspect', wanted);
      if (key === this.#latest) this.report = report;
    } catch (thrown) {
      if (key !== this.#latest) return;
      this.report = null;
      this.problem = toProblem(thrown);
    } finally {
      if (key === this.#latest) this.busy = false;
    }
  }
}
