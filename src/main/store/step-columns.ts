/** Reads the steps of a run as columns, a slice at a time, so that a long run keeps nobody waiting. */
import { setImmediate } from 'node:timers/promises';
import { columnsOf, stepFields, type StepColumns } from '../../shared/contract/step-columns.ts';
import type { Connection } from './connection.ts';
import { column } from './rows.ts';

/** So many take about 3 ms. */
const slice = 2048;

const query = `select ${stepFields.map(column).join(', ')} from steps
  where run_id = ? and step > ? order by step limit ${slice}`;

/** All steps of a run, in their order; the event loop has its turn between slices. */
export async function readStepColumns(store: Connection, runId: number): Promise<StepColumns> {
  const slices: Float64Array[] = [];
  let after = -1;
  for (;;) {
    const found = flat(store.prepare(query).raw().all(runId, after));
    slices.push(found);
    if (found.length < slice * stepFields.length) break;
    after = found.at(-stepFields.length) ?? after;
    await setImmediate();
  }
  const count = slices.reduce((sum, { length }) => sum + length, 0) / stepFields.length;
  return columnsOf((field) => {
    const whole = new Float64Array(count);
    let place = 0;
    for (const found of slices)
      for (let at = stepFields.indexOf(field); at < found.length; at += stepFields.length)
        whole[place++] = found[at] ?? NaN;
    return whole;
  });
}

/** Rows of numbers as one array of them. A parser made of shapes would take ten times as long. */
function flat(rows: readonly unknown[]): Float64Array {
  const numbers = new Float64Array(rows.length * stepFields.length);
  let place = 0;
  for (const row of rows) {
    if (!Array.isArray(row)) throw new TypeError('a step of the store is no row');
    for (const value of row) {
      if (typeof value !== 'number') throw new TypeError('a figure in the store is no number');
      numbers[place++] = value;
    }
  }
  return numbers;
}
