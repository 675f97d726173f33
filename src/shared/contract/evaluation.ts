/** How well models with their adapters do on data files: one of each, and a table of many. */
import { z } from 'zod';
import { taskReport } from './run-points.ts';

const answered = z.object({
  task: z.literal('causal-lm'),
  loss: z.number(),
  perplexity: z.number(),
  tokens: z.int(),
  /** The share of the answers asked for that are the wanted ones; null where none was asked for, or the file asks nothing. */
  exactMatch: z.number().nullable(),
  /** How many were asked for. */
  answers: z.int(),
  /** In the file, or in as much of it as was looked at. */
  examples: z.int(),
});

const toldApart = z.object({
  task: z.literal('sequence-classification'),
  loss: z.number(),
  examples: z.int(),
  report: taskReport,
});

/** The figures of a data file, by the task of the model and its adapters. */
const evaluationReport = z.discriminatedUnion('task', [answered, toldApart]);

/** What an adapter has to do with a data file: it learnt from it, or it was validated on it meanwhile; null where nothing is known. */
const own = z.enum(['trained', 'validated']).nullable();

/** Every adapter on every data file. */
export const evaluationTable = z.object({
  /** Folders of adapters, and how much each counts; null is the base without any. */
  rows: z.array(z.object({ path: z.string(), weight: z.number() }).nullable()),
  /** Paths of data files. */
  columns: z.array(z.string()),
  /** [row][column] */
  cells: z.array(z.array(z.object({ own, report: evaluationReport }))),
});

export type EvaluationReport = z.output<typeof evaluationReport>;
export type EvaluationTable = z.output<typeof evaluationTable>;
export type Own = z.output<typeof own>;
