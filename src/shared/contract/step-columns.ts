/** The steps of a run as columns: a hundred thousand of them are ten arrays, which are told and kept without being looked at. */
import { z } from 'zod';
import { keysOf } from '../settings/setting.ts';
import { stepPoint, type StepPoint } from './run-points.ts';

export type StepField = keyof StepPoint;
/** In the order of the points' own fields. */
export const stepFields: readonly StepField[] = keysOf(stepPoint.shape);

/** Each array has a number for every step, in the order of steps. */
export const stepColumns = z
  .record(z.enum(stepFields), z.instanceof(Float64Array))
  .refine((columns) => new Set(stepFields.map((field) => columns[field].length)).size === 1, {
    message: 'columns of different lengths',
  });

export type StepColumns = z.output<typeof stepColumns>;

/** Columns from what gives each of them. */
export function columnsOf(column: (field: StepField) => Float64Array<ArrayBuffer>): StepColumns {
  return {
    step: column('step'),
    totalSteps: column('totalSteps'),
    epoch: column('epoch'),
    loss: column('loss'),
    learningRate: column('learningRate'),
    gradientNorm: column('gradientNorm'),
    tokens: column('tokens'),
    tokensPerSecond: column('tokensPerSecond'),
    elapsedSeconds: column('elapsedSeconds'),
    secondsLeft: column('secondsLeft'),
  };
}

/** The point at an index; undefined where there is none. */
export function pointAt(columns: StepColumns, index: number): StepPoint | undefined {
  const at = (field: StepField) => columns[field][index] ?? NaN;
  if (index < 0 || index >= columns.step.length) return undefined;
  return {
    step: at('step'),
    totalSteps: at('totalSteps'),
    epoch: at('epoch'),
    loss: at('loss'),
    learningRate: at('learningRate'),
    gradientNorm: at('gradientNorm'),
    tokens: at('tokens'),
    tokensPerSecond: at('tokensPerSecond'),
    elapsedSeconds: at('elapsedSeconds'),
    secondsLeft: at('secondsLeft'),
  };
}
