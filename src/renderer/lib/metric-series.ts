/** The points of one run in order of their steps, from two sources that overlap: the store and the live events. */

/** Every step once. Points mostly arrive in order, but a backfill may come after newer live points. */
export class MetricSeries<P extends { step: number }> {
  #points: P[] = [];

  get points(): readonly P[] {
    return this.#points;
  }

  /** Puts a point in its place; a step that is there already is left as it is. Says whether anything changed. */
  add(point: P): boolean {
    const last = this.#points.at(-1);
    if (last === undefined || last.step < point.step) {
      this.#points.push(point);
      return true;
    }
    const index = this.#position(point.step);
    if (this.#points[index]?.step === point.step) return false;
    this.#points.splice(index, 0, point);
    return true;
  }

  /** Merges many points, in linear time. Says whether anything changed. */
  merge(points: readonly P[]): boolean {
    const bySteps = new Map(points.map((point) => [point.step, point]));
    for (const point of this.#points) bySteps.set(point.step, point);
    if (bySteps.size === this.#points.length) return false;
    this.#points = [...bySteps.values()].sort((one, other) => one.step - other.step);
    return true;
  }

  /** Index of the first point at or after `step`, by bisection. */
  #position(step: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#points[middle]?.step ?? Infinity) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
