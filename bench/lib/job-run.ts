/** One side's way through a real job, stretch by stretch. */
import type { Batch } from '../protocol.ts';
import type { Own, Peer } from './sides.ts';

export type Job = {
  /** In order; the end of them is the end of the job. */
  batches: Batch[];
  /** Tokens of each batch, without padding. */
  tokens: number[];
  validation: Batch[];
  /** Steps between two validations. */
  every: number;
};

export class JobRun {
  seconds = 0;
  steps = 0;
  tokens = 0;
  loss = NaN;
  private readonly side: Own | Peer;
  private readonly job: Job;
  private readonly targetLoss: number;
  private readonly points: string[] = [];

  constructor(side: Own | Peer, job: Job, targetLoss: number) {
    this.side = side;
    this.job = job;
    this.targetLoss = targetLoss;
  }

  get reached(): boolean {
    return this.loss <= this.targetLoss;
  }

  get done(): boolean {
    return this.reached || this.steps === this.job.batches.length;
  }

  /** '12.3 s: 0.0412', as it was validated last. */
  get last(): string {
    return `${this.seconds.toFixed(1)} s: ${this.loss.toFixed(4)}`;
  }

  get curve(): string {
    return this.points.join(', ');
  }

  /** Steps up to the next validation, and that. Only the steps count. */
  async stretch(): Promise<void> {
    const end = Math.min(this.steps + this.job.every, this.job.batches.length);
    while (this.steps < end) {
      const batch = this.job.batches[this.steps] ?? [];
      const { seconds } = await this.side.ask('step', { batch });
      this.seconds += seconds;
      this.tokens += this.job.tokens[this.steps] ?? 0;
      this.steps += 1;
    }
    this.loss = (await this.side.ask('evaluate', { batches: this.job.validation })).loss;
    this.points.push(this.last);
  }
}
