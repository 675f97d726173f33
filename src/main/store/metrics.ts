/** Every point that a run told: steps and validations. */
import { z } from 'zod';
import {
  stepPoint,
  taskReport,
  validationPoint,
  type StepPoint,
  type ValidationPoint,
} from '../../shared/contract/run-points.ts';
import { stepFields, type StepColumns } from '../../shared/contract/step-columns.ts';
import type { Connection } from './connection.ts';
import { readLossCurve, type LossCurve } from './loss-curve.ts';
import { insert, json, select } from './rows.ts';
import { readStepColumns } from './step-columns.ts';

const validationFields = Object.keys(validationPoint.shape);
const validationRow = validationPoint.extend({ report: json(taskReport).nullable() });

/** A step takes about as long as these last ones did. */
const lastSteps = 100;
const fewSteps = 5;
const span = z.object({ steps: z.int().nullable(), seconds: z.number().nullable() });

export class MetricStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** Keeps a training step and brings the run's own figures up to it; a step told twice is kept once. */
  addStep(runId: number, point: StepPoint): void {
    this.#store.unflushed(() => {
      const add = insert('steps', ['runId', ...stepFields]).replace('insert', 'insert or replace');
      this.#store.prepare(add).run({ runId, ...point });
      this.#store
        .prepare('update runs set step = ?, total_steps = ?, last_loss = ? where id = ?')
        .run(point.step, point.totalSteps, point.loss, runId);
    });
  }

  /** Keeps a validation. */
  addValidation(runId: number, point: ValidationPoint): void {
    this.#store.unflushed(() => {
      const fields = ['runId', ...validationFields];
      const add = insert('validations', fields).replace('insert', 'insert or replace');
      const report = point.report && JSON.stringify(point.report);
      this.#store.prepare(add).run({ runId, ...point, report });
      this.#store
        .prepare('update runs set last_validation_loss = ? where id = ?')
        .run(point.loss, runId);
    });
  }

  /** All steps of a run, however many: read in slices. */
  columns(runId: number): Promise<StepColumns> {
    return readStepColumns(this.#store, runId);
  }

  /**
   * Seconds of a step, by the last of the run with all that stood between them; the first, in which programs are compiled, is none of
   * them. Null for fewer than a few.
   */
  secondsPerStep(runId: number): number | null {
    const found = this.#store
      .prepare(
        `select max(step) - min(step) as steps, max(elapsed_seconds) - min(elapsed_seconds) as seconds
         from (select step, elapsed_seconds from steps where run_id = ? order by step desc limit ?)`,
      )
      .get(runId, lastSteps);
    const { steps, seconds } = span.parse(found);
    return steps === null || seconds === null || steps < fewSteps ? null : seconds / steps;
  }

  /** How the loss went, in a hundred points at most. */
  lossCurve(runId: number): LossCurve {
    return readLossCurve(this.#store, runId);
  }

  /** All validations of a run, in the order of steps. */
  validations(runId: number): ValidationPoint[] {
    return z.array(validationRow).parse(this.#all('validations', validationFields, runId));
  }

  /** All points of a run, in the order of steps: of a short one, as these are objects. */
  of(runId: number): { steps: StepPoint[]; validations: ValidationPoint[] } {
    const steps = z.array(stepPoint).parse(this.#all('steps', stepFields, runId));
    return { steps, validations: this.validations(runId) };
  }

  #all(table: string, fields: readonly string[], runId: number): unknown[] {
    return this.#store
      .prepare(`select ${select(fields, table)} from ${table} where run_id = ? order by step`)
      .all(runId);
  }
}
