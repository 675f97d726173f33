/** Every point that a run told: steps and validations. */
import { z } from 'zod';
import {
  stepPoint,
  taskReport,
  validationPoint,
  type StepPoint,
  type ValidationPoint,
} from '../../shared/contract/records.ts';
import type { Connection } from './connection.ts';
import { insert, json, select } from './rows.ts';

const stepFields = Object.keys(stepPoint.shape);
const validationFields = Object.keys(validationPoint.shape);
const validationRow = validationPoint.extend({ report: json(taskReport).nullable() });

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

  /** All points of a run, in the order of steps. */
  of(runId: number): { steps: StepPoint[]; validations: ValidationPoint[] } {
    const all = (table: string, fields: string[]) =>
      this.#store
        .prepare(`select ${select(fields, table)} from ${table} where run_id = ? order by step`)
        .all(runId);
    return {
      steps: z.array(stepPoint).parse(all('steps', stepFields)),
      validations: z.array(validationRow).parse(all('validations', validationFields)),
    };
  }
}
