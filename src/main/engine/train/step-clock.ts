/** Times steps. The first of a session is left out of the forecast: TensorFlow gets ready during it. */
export class StepClock {
  lastSeconds = 0;
  private readonly before: number;
  private readonly began = performance.now();
  private stepBegan = 0;
  private readonly recent: number[] = [];

  /** @param before seconds that the run has taken in earlier sessions */
  constructor(before = 0) {
    this.before = before;
  }

  start(): void {
    this.stepBegan = performance.now();
  }

  stop(): void {
    this.lastSeconds = (performance.now() - this.stepBegan) / 1000;
    this.recent.push(this.lastSeconds);
    if (this.recent.length > 20 || this.recent.length === 2) this.recent.shift();
  }

  get elapsedSeconds(): number {
    return this.before + (performance.now() - this.began) / 1000;
  }

  secondsFor(steps: number): number {
    const mean = this.recent.reduce((sum, seconds) => sum + seconds, 0) / this.recent.length;
    return mean * steps;
  }
}
