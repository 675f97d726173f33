/** Every point that a run told: steps and validations. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import {
  stepPoint,
  taskReport,
  validationPoint,
  type StepPoint,
  type ValidationPoint,
} from '../../shared/contract/records.ts';
import { insert, json, select } from './rows.ts';

const stepFields = Object.keys(stepPoint.shape);
const validationFields = Object.keys(validationPoint.shape);
const validationRow = validationPoint.extend({ report: json(taskReport).nullable() });

export class MetricStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps a training step and brings the run's own figures up to it; a step told twice is kept once. */
  addStep(runId: number, point: StepPoint): void {
    this.#database.transaction(() => {
      const add = insert('steps', ['runId', ...stepFields]).replace('insert', 'insert or replace');
      this.#database.prepare(add).run({ runId, ...point });
      this.#database
        .prepare('update runs set step = ?, total_steps = ?, last_loss = ? where id = ?')
        .run(point.step, point.totalSteps, point.loss, runId);
    })();
  }

  /** Keeps a validation. */
  addValidation(runId: number, point: ValidationPoint): void {
    this.#database.transaction(() => {
      const fields = ['runId', ...validationFields];
      const add = insert('validations', fields).replace('insert', 'insert or replace');
      const report = point.report && JSON.stringify(point.report);
      this.#database.prepare(add).run({ runId, ...point, report });
      this.#database
        .prepare('update runs set last_validation_loss = ? where id = ?')
        .run(point.loss, runId);
    })();
  }

  /** All points of a run, in the order of steps. */
  of(runId: number): { steps: StepPoint[]; validations: ValidationPoint[] } {
    const all = (table: string, fields: string[]) =>
      this.#database
        .prepare(`select ${select(fields, table)} from ${table} where run_id = ? order by step`)
        .all(runId);
    return {
      steps: z.array(stepPoint).parse(all('steps', stepFields)),
      validations: z.array(validationRow).parse(all('validations', validationFields)),
    };
  }
}
