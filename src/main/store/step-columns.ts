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
  const slices: StepColumns[] = [];
  for (let after = -1; ;) {
    const found = columnsIn(store.prepare(query).raw().all(runId, after));
    slices.push(found);
    if (found.step.length < slice) break;
    after = found.step.at(-1) ?? after;
    await setImmediate();
  }
  const count = slices.reduce((sum, { step }) => sum + step.length, 0);
  return columnsOf((field) => {
    const whole = new Float64Array(count);
    let place = 0;
    for (const { [field]: part } of slices) {
      whole.set(part, place);
      place += part.length;
    }
    return whole;
  });
}

/** The columns of some rows. A parser made of shapes would take ten times as long. */
function columnsIn(rows: readonly unknown[]): StepColumns {
  return columnsOf((field) => {
    const at = stepFields.indexOf(field);
    return Float64Array.from(rows, (row) => {
      const value: unknown = Array.isArray(row) ? row[at] : undefined;
      if (typeof value !== 'number')
        throw new TypeError(`${field} of a step in the store is no number`);
      return value;
    });
  });
}
