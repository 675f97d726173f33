/**
 * A checkpoint on the disk: a folder `step-000120` with `checkpoint.json`, what it is about and all small numbers, and
 * `state.safetensors`, the vectors. It is there whole or not at all.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { heldBase } from '../../../shared/contract/records.ts';
import { trainingConfig } from '../../../shared/contract/training-config.ts';
import { problem } from '../../../shared/errors/problem.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.object({ path: z.string(), sha256, bytes: z.int() });
const data = file.extend({ role: z.enum(['training', 'validation']) });
const count = z.int().nonnegative();
const numbers = z.array(z.number());
const loss = z.number().nullable();

const run = z.object({
  progress: z.object({
    steps: z.int(),
    tokens: count,
    lastLoss: loss,
    lastValidationLoss: loss,
    problem: problem.nullable(),
    early: z.boolean(),
    best: z
      .object({ step: count, loss: z.number(), counted: z.number(), waited: count })
      .nullable(),
    recentLosses: numbers,
  }),
  health: z.object({ updates: count, lastStep: count }),
  /** Whether the vectors of its best validation are among the tensors. */
  hasBest: z.boolean(),
});

/** `checkpoint.json`, without the sha256 of itself (about-file.ts). */
export const trainingCheckpoint = z.object({
  version: z.literal(1),
  at: z.number(),
  step: z.int(),
  /** As they were asked for, one for each adapter. */
  configs: z.array(trainingConfig).min(1),
  /** What `auto` came to. */
  base: heldBase,
  precision: z.enum(['float32', 'bfloat16']),
  /** What the files held, by which others in their place are told. */
  files: z.object({
    base: file,
    data: z.array(z.array(data)),
    /** By run the adapter that it started from; null for none. */
    starts: z.array(file.omit({ bytes: true }).nullable()).default([]),
  }),
  /** Numbers of each run's part of the vectors, one after another; older checkpoints do not say it. */
  sizes: z.array(count).optional(),
  /** Runs that were trained with these, and have ended or were removed. */
  left: count.default(0),
  /** What the data of each run came to; older checkpoints do not say it. */
  tokens: z.array(z.object({ training: sha256, validation: sha256 })).optional(),
  seconds: z.number().nonnegative(),
  trainer: z.object({
    steps: z.int(),
    experts: z.array(z.object({ probabilities: numbers, chosen: numbers })),
  }),
  runs: z.array(run),
  /** What forgetting is told from; older checkpoints do not have it. */
  general: z.object({ tokens: sha256, loss: z.number() }).nullable().default(null),
  /** Of `state.safetensors`. */
  state: sha256,
});

export type TrainingCheckpoint = z.output<typeof trainingCheckpoint>;

/** What a checkpoint is about, whatever the step. */
export type CheckpointSubject = Pick<
  TrainingCheckpoint,
  'configs' | 'base' | 'precision' | 'files' | 'left' | 'tokens'
> & { sizes: number[] };

export const statePath = (folder: string): string => join(folder, 'state.safetensors');
export const aboutPath = (folder: string): string => join(folder, 'checkpoint.json');

/** The name of an adapter's best vector among the tensors. */
export function bestName(adapter: number): string {
  return `best.${adapter}`;
}
