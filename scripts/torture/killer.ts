/** Kills at a moment: is told what is seen of a process, and acts once. */
import type { Moment } from './moment.ts';

export class Killer {
  readonly #moment: Moment | null;
  readonly #kill: () => void | Promise<void>;
  /** Settles when it has killed. */
  readonly whenKilled: Promise<void>;
  #tellKilled: () => void = () => undefined;
  #checkpoints = 0;
  #timer: NodeJS.Timeout | null = null;
  #killed = false;
  #over = false;

  /** @param moment null: never */
  constructor(moment: Moment | null, kill: () => void | Promise<void>) {
    this.#moment = moment;
    this.#kill = kill;
    this.whenKilled = new Promise((resolve) => {
      this.#tellKilled = resolve;
    });
  }

  get killed(): boolean {
    return this.#killed;
  }

  started(): void {
    if (this.#moment?.after === 'start') this.#arm(this.#moment.ms);
  }

  step(step: number): void {
    if (this.#moment?.after === 'step' && this.#moment.step === step) this.#arm(this.#moment.ms);
  }

  /** A folder is being written. */
  partial(of: 'checkpoint' | 'adapter'): void {
    if (of === 'checkpoint') this.#checkpoints += 1;
    const moment = this.#moment;
    if (moment?.after !== of) return;
    if (moment.after === 'adapter' || moment.nth === this.#checkpoints) this.#arm(moment.ms);
  }

  /** The process has ended, or is done: it is left alone. */
  release(): void {
    this.#over = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    if (this.#timer !== null) return;
    const act = () => {
      if (this.#over) return;
      this.#killed = true;
      void Promise.resolve(this.#kill()).then(this.#tellKilled);
    };
    // A timer takes a millisecond at least.
    if (ms < 1) act();
    else this.#timer = setTimeout(act, ms);
  }
}
