/** Short messages in the corner of the window: what was done, and what could not be done. */
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';

type Notice = { id: number; text: string } | { id: number; problem: Problem };

const shownFor = 6000;

class Notices {
  all = $state.raw<readonly Notice[]>([]);
  #next = 1;

  /** Says that something was done; it goes away by itself. */
  say(text: string): void {
    const id = this.#next++;
    this.all = [...this.all, { id, text }];
    setTimeout(() => {
      this.dismiss(id);
    }, shownFor);
  }

  /** Says what went wrong; it stays until it is dismissed. */
  fail(thrown: unknown): void {
    this.all = [...this.all, { id: this.#next++, problem: toProblem(thrown) }];
  }

  dismiss(id: number): void {
    this.all = this.all.filter((notice) => notice.id !== id);
  }

  /** Runs `work`; what it throws is shown. Says whether it went well. */
  async guard(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.fail(thrown);
      return false;
    }
  }
}

export const notices = new Notices();
