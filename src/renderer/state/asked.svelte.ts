/** A question to the main process that may take long: its last answer, what went wrong, and what either was about. */
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';

export class Asked<T> {
  busy = $state(false);
  /** `of` tells of which question. */
  answer = $state.raw<{ of: string; value: T } | null>(null);
  failure = $state.raw<{ of: string; problem: Problem } | null>(null);
  #latest = 0;

  /** One that was overtaken by another changes nothing, and neither does one that was cancelled. */
  async ask(of: string, question: () => Promise<T>): Promise<void> {
    this.#latest += 1;
    const mine = this.#latest;
    this.busy = true;
    this.failure = null;
    try {
      const value = await question();
      if (mine === this.#latest) this.answer = { of, value };
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (mine === this.#latest && problem.code !== 'engine/cancelled') {
        this.failure = { of, problem };
      }
    } finally {
      if (mine === this.#latest) this.busy = false;
    }
  }
}
