/** The latest answer to what the run in the form would need. */
import type { RunEstimate } from '../../shared/contract/estimates.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { scheduleKeys } from '../../shared/settings/scopes.ts';
import { call } from '../bridge.ts';

/** The engine reads the data for an answer, so it is asked when the form has been still for so long; milliseconds. */
const pause = 600;

/** What changes neither memory nor steps. */
const idle = ['name', ...scheduleKeys];

export class Estimation {
  answer = $state.raw<RunEstimate | null>(null);
  /** What would keep the run from training. */
  problem = $state.raw<Problem | null>(null);
  /** The answer is about other settings than those in the form. */
  stale = $state(false);
  busy = $state(false);
  #latest: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** One question at a time: those that were overtaken while they waited are not asked. */
  #turn: Promise<void> = Promise.resolve();

  /** Asks a little later, unless the same was asked last. Null: the form cannot be asked about now. */
  ask(config: TrainingConfig | null): void {
    const key =
      config &&
      JSON.stringify(config, (name, value: unknown) => (idle.includes(name) ? undefined : value));
    if (key === this.#latest) return;
    this.#latest = key;
    clearTimeout(this.#timer);
    this.problem = null;
    this.stale = true;
    this.busy = config !== null;
    if (config === null) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#turn.then(() => this.#run(config, key));
    }, pause);
  }

  async #run(config: TrainingConfig, key: string | null): Promise<void> {
    if (key !== this.#latest) return;
    try {
      const answer = await call('runs.estimate', config);
      if (key !== this.#latest) return;
      this.answer = answer;
      this.stale = false;
    } catch (thrown) {
      if (key !== this.#latest) return;
      this.answer = null;
      this.problem = toProblem(thrown);
    }
    this.busy = false;
  }
}
