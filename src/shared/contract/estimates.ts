/** What a run would need, and what this machine has. Sizes are bytes. */
import { z } from 'zod';
import { problem } from '../errors/problem.ts';
import { heldBase } from './records.ts';

/** What a run is expected to hold at its peak, in bytes. */
const memoryEstimate = z.object({
  totalBytes: z.number(),
  /** Node, TensorFlow and compiled programs. */
  runtimeBytes: z.number(),
  weightBytes: z.number(),
  /** A, B, their gradients and the optimiser's state. */
  adapterBytes: z.number(),
  /** What a step keeps between forward and backward, and its work space. */
  activationBytes: z.number(),
});

/** What a run would need, known before it starts. */
export const trainEstimate = z.object({
  /** The form of the base that the memory is about: the one asked for, or the one that is taken. */
  base: heldBase,
  /** Why this one, and what a person should know of it, in sentences. */
  aboutBase: z.array(z.string()),
  memory: memoryEstimate,
  /** What new work can have now. */
  freeMemoryBytes: z.number(),
  /** Why it would not be begun: it is too large to work at all; null where it may be tried. */
  refusal: problem.nullable(),
  totalSteps: z.int(),
  trainableParameters: z.int(),
  totalParameters: z.int(),
});

/** The same with what the store knows. */
export const runEstimate = trainEstimate.extend({
  /** How long it takes, going by an earlier run of the model on this machine; null where there is none that is alike. */
  pace: z
    .object({ seconds: z.number(), run: z.object({ id: z.int(), name: z.string() }) })
    .nullable(),
});

export const deviceReport = z.object({
  device: z.string(),
  cores: z.int(),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  tensorflow: z.string().nullable(),
  node: z.string(),
  electron: z.string().nullable(),
  /** bfloat16 products are native on this processor; `auto` precision follows it. */
  nativeBfloat16: z.boolean(),
  gpus: z.array(z.string()),
  /** What is missing, each with the command that cures it. */
  missing: z.array(problem),
});

export type MemoryEstimate = z.output<typeof memoryEstimate>;
export type RunEstimate = z.output<typeof runEstimate>;
export type TrainEstimate = z.output<typeof trainEstimate>;
export type DeviceReport = z.output<typeof deviceReport>;
