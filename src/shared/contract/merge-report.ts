/** The proof of a merge, and which base an adapter was merged into. */
import { z } from 'zod';
import { heldBase } from './records.ts';

export const mergeDtype = z.enum(['float32', 'bfloat16', 'float16']);

/** A part of a proof of merge that decides; a figure has to stay under its limit, an equality to be as its limit. */
export const mergeCheck = z.object({
  name: z.enum(['meanKl', 'changedArgmax', 'perplexityRatio', 'tokenizer', 'chatTemplate']),
  value: z.union([z.number(), z.nan(), z.literal(Infinity), z.boolean()]),
  limit: z.union([z.number(), z.boolean()]),
  passed: z.boolean(),
});

/** A base model by its files. */
const baseFiles = z.object({
  path: z.string(),
  /** Names of the files that make the model. */
  files: z.array(z.string()),
  /** Types of its tensors there, most bytes first. */
  storedAs: z.array(z.string()),
});

/**
 * Mean losses, nats per place, of three models on the same data: base + adapters as they were trained, their merge into that base,
 * and what was written, which is the merge into other weights. Both merges are rounded to the written type.
 */
const mergeLosses = z.object({
  on: z.enum(['validation', 'prompts']),
  /** Why not on the validation data of the adapters' run; null where it is that. */
  because: z.string().nullable(),
  places: z.int(),
  trained: z.number(),
  merged: z.number(),
  written: z.number(),
});

/** The base that adapters were merged into, beside the one that they were trained on. */
export const mergedBase = z.object({
  trainedOn: baseFiles.extend({ held: heldBase }),
  /** The weights that were merged into in place of those; null where there are no others. */
  mergedInto: baseFiles.nullable(),
  /**
   * ‖W − W_q‖ / ‖ΔW‖ (Frobenius) by module, the largest first, with W the weights before they were quantised and W_q those that the
   * adapters were trained on. Null where W is not known.
   */
  quantisationError: z
    .object({
      median: z.number(),
      modules: z.array(z.object({ module: z.string(), ratio: z.number() })),
    })
    .nullable(),
  /** Null where nothing else was merged into, or there is nothing to compare on. */
  losses: mergeLosses.nullable(),
});

/** The proof that the written files answer as base + adapter did, on the same held-out prompts. */
export const mergeReport = z.object({
  passed: z.boolean(),
  dtype: mergeDtype,
  output: z.string(),
  prompts: z.int(),
  tokens: z.int(),
  maxAbsoluteLogitDifference: z.number(),
  /** Mean KL(base + adapter ‖ written), nats per token. */
  meanKl: z.number(),
  /** Null for classifiers, which predict no text. */
  perplexity: z.object({ adapter: z.number(), merged: z.number() }).nullable(),
  /** Share of positions whose most likely next token changed, or of texts that are told to be something else. */
  changedArgmax: z.number(),
  /** ‖W_written − W_fp32‖ / ‖ΔW‖ over all merged matrices. */
  roundingLoss: z.number(),
  /** The verdict, check by check: who shows the report judges nothing again. */
  checks: z.array(mergeCheck),
  /** One sentence for each check that failed. */
  failures: z.array(z.string()),
  mergedModules: z.int(),
  base: mergedBase,
  bytes: z.int(),
  /** What the written files hold, against what the base's files hold and the adapter adds; read apart from the export. */
  files: z.object({
    /** In the base's files, and of a head that it did not have; those with a reason are not written. */
    baseTensors: z.int(),
    writtenTensors: z.int(),
    mergedTensors: z.int(),
    leftOut: z.array(z.object({ name: z.string(), reason: z.string() })),
    /** Numbers compared: all of a tensor that was copied, up to `sampledRows` rows of one that was computed. */
    comparedValues: z.int(),
    sampledRows: z.int(),
    /** Largest error as a share of its bound: half a unit of the written type and the rounding of float32. */
    largestError: z.number(),
    /** Of config.json; none where the base is a GGUF file. */
    settings: z.object({
      carried: z.int(),
      changed: z.array(z.string()),
      left: z.array(z.string()),
    }),
  }),
});

export type MergeDtype = z.output<typeof mergeDtype>;
export type MergeCheck = z.output<typeof mergeCheck>;
export type MergedBase = z.output<typeof mergedBase>;
export type MergeReport = z.output<typeof mergeReport>;
