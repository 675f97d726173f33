/** What is told of an export: what was written, and the proof that it is what base and adapters are. */
import { z } from 'zod';
import { exportFormNames } from '../export-forms.ts';
import { mergeCheck, mergedBase, mergeReport } from './merge-report.ts';

export const exportForm = z.enum(exportFormNames);

/** Answers to the same held-out prompts by base + adapters and by the written files; see `mergeReport`. */
const answers = mergeReport
  .pick({
    ...{ prompts: true, tokens: true, maxAbsoluteLogitDifference: true, meanKl: true },
    ...{ perplexity: true, changedArgmax: true },
  })
  .extend({ checks: z.array(mergeCheck) });

/** The written tensors, read again and held against what base and adapters give. */
const tensors = z.object({
  compared: z.int(),
  merged: z.int(),
  comparedValues: z.int(),
  /** The largest error as a share of its bound. */
  largestError: z.number(),
  /**
   * ⟨W_written − W, ΔW⟩ / ‖ΔW‖²: how much of what the adapters change is in the file, with its standard deviation, which is large
   * where what they change is small beside the steps of the type. Null where they change nothing, or nothing is quantised.
   */
  change: z.object({ share: z.number(), deviation: z.number() }).nullable(),
  /** ‖written − exact‖ / ‖exact‖ over the tensors of each type that was written, most bytes first. */
  types: z.array(
    z.object({ type: z.string(), tensors: z.int(), bytes: z.int(), error: z.number() }),
  ),
});

/** A change that is not written exactly: DoRA as a product of two matrices. */
const approximation = z.object({
  /** ‖ΔW_written − ΔW‖ / ‖ΔW‖ over all modules, and of the worst of them. */
  relativeError: z.number(),
  worst: z.object({ module: z.string(), relativeError: z.number() }),
  rank: z.int(),
});

export const exportReport = z.object({
  to: exportForm,
  /** Null where there is no choice. */
  type: z.string().nullable(),
  output: z.string(),
  bytes: z.int(),
  files: z.array(z.object({ name: z.string(), bytes: z.int() })),
  passed: z.boolean(),
  failures: z.array(z.string()),
  mergedModules: z.int(),
  /** Null for adapters, which are merged into nothing. */
  base: mergedBase.nullable(),
  /** See `mergeReport`; of what is rounded to 16 bits. */
  roundingLoss: z.number(),
  /** Null for adapters, which answer with their base alone. */
  answers: answers.nullable(),
  tensors: tensors.nullable(),
  approximation: approximation.nullable(),
  /** What a person should know of it, in sentences. */
  notices: z.array(z.string()),
});
export type ExportReport = z.output<typeof exportReport>;
export type ExportTensors = z.output<typeof tensors>;
export type ExportAnswers = z.output<typeof answers>;
