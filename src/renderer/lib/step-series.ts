/** The steps of one run in their order, as growing columns, from two sources that overlap: the store and the live events. */
import type { StepPoint } from '../../shared/contract/run-points.ts';
import {
  columnsOf,
  pointAt,
  stepFields,
  type StepColumns,
  type StepField,
} from '../../shared/contract/step-columns.ts';

/** What charts and tables read of them. */
export type Steps = {
  readonly length: number;
  /** The point at an index; from the end where it is negative. */
  at(index: number): StepPoint | undefined;
  /** A figure of every step. */
  column(field: StepField): Float64Array;
};

/** Room of a series that begins. */
const atFirst = 256;

export class StepSeries implements Steps {
  #length = 0;
  #columns: StepColumns = columnsOf(() => new Float64Array(atFirst));

  get length(): number {
    return this.#length;
  }

  at(index: number): StepPoint | undefined {
    const place = index < 0 ? this.#length + index : index;
    return place < this.#length ? pointAt(this.#columns, place) : undefined;
  }

  column(field: StepField): Float64Array {
    return this.#columns[field].subarray(0, this.#length);
  }

  /** Puts a point in its place; a step that is there already is left as it is. Says whether anything changed. */
  add(point: StepPoint): boolean {
    const last = this.#columns.step[this.#length - 1];
    if (last !== undefined && point.step <= last)
      return this.merge(columnsOf((field) => Float64Array.of(point[field])));
    if (this.#length === this.#columns.step.length) this.#grow();
    for (const field of stepFields) this.#columns[field][this.#length] = point[field];
    this.#length += 1;
    return true;
  }

  /** Merges many points that are in order, in linear time. Says whether anything changed. */
  merge(others: StepColumns): boolean {
    const sources = this.#order(others.step);
    if (sources.length === this.#length) return false;
    const own = this.#columns;
    this.#columns = columnsOf((field) =>
      // Own points have their index, others lie behind the end of a number line of their own: -1 - index.
      Float64Array.from(
        sources,
        (at) => (at >= 0 ? own[field][at] : others[field][-1 - at]) ?? NaN,
      ),
    );
    this.#length = sources.length;
    return true;
  }

  /** Where each step of both comes from; of one that is in both, the own. */
  #order(others: Float64Array): number[] {
    const own = this.column('step');
    const sources: number[] = [];
    let [mine, theirs] = [0, 0];
    while (mine < own.length || theirs < others.length) {
      const [ownStep, step] = [own[mine] ?? Infinity, others[theirs] ?? Infinity];
      if (step === ownStep) theirs += 1;
      sources.push(ownStep <= step ? mine++ : -1 - theirs++);
    }
    return sources;
  }

  #grow(): void {
    const before = this.#columns;
    this.#columns = columnsOf((field) => {
      const larger = new Float64Array(2 * before[field].length + atFirst);
      larger.set(before[field]);
      return larger;
    });
  }
}

/** Of a run that has made none. */
export const noSteps: Steps = new StepSeries();
