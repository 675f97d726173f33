/** What came of a torture: kills by phase, faults, and how long it took. */
import { seconds } from '../lib/say.ts';
import type { Finding } from './inspect.ts';
import { phases, type Phase } from './phase.ts';
import type { Kind, Session } from './victim.ts';

export type Fault = { after: Phase | 'the end of a run'; text: string };

export class Report {
  readonly kind: Kind;
  readonly faults: Fault[] = [];
  readonly #byPhase = new Map<Phase, number>();
  readonly #started = performance.now();
  #milliseconds = 0;
  #runs = 0;
  #noticed: number | null = null;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  get kills(): number {
    return [...this.#byPhase.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A life that ended. */
  add({ phase, faults }: Finding, { killed, noticed }: Session): void {
    if (killed) this.#byPhase.set(phase, (this.#byPhase.get(phase) ?? 0) + 1);
    this.faults.push(...faults.map((text) => ({ after: phase, text })));
    if (noticed !== null) this.#noticed = Math.max(this.#noticed ?? 0, noticed);
  }

  /** A run that came to its end. */
  over(faults: readonly string[]): void {
    this.#runs += 1;
    this.faults.push(...faults.map((text) => ({ after: 'the end of a run' as const, text })));
  }

  end(): void {
    this.#milliseconds = performance.now() - this.#started;
  }

  /** Lines for a person. */
  lines(): string[] {
    const byPhase = phases.map((phase) => `${phase} ${this.#byPhase.get(phase) ?? 0}`);
    const noticed =
      this.#noticed === null ? '' : `, noticed within ${Math.round(this.#noticed)} ms`;
    return [
      `${this.kind}: ${this.kills} kills, ${this.#runs} runs to their end, ${this.faults.length} faults, ${seconds(this.#milliseconds)}${noticed}`,
      `  by phase: ${byPhase.join(', ')}`,
      ...this.faults.map(({ after, text }) => `  ✗ after ${after}: ${text}`),
    ];
  }
}
