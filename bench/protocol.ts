/** What the driver asks of its two workers, one JSON object a line: Lorikeet (own) and PyTorch + PEFT (peer) are asked the same. */
import { z } from 'zod';
import { keepPolicy, precision } from '../src/shared/contract/training-config.ts';
import { ggufFileTypes } from '../src/shared/export-forms.ts';

const ints = z.array(z.int());

/** One row of a batch, each [T]; labels are shifted already: the token to predict at t, or -100. Segment 0 is padding. */
const row = z.object({ tokens: ints, segments: ints, positions: ints, labels: ints });
const batch = z.array(row);

/** How Lorikeet computes. */
const ownVariant = z.object({ precision, keep: keepPolicy });

/**
 * How PEFT computes: base in float32 or bfloat16 with float32 adapters; 'autocast' is the bfloat16 base under
 * torch.autocast, which also multiplies the adapters in bfloat16.
 */
export type PeerVariant = {
  precision: 'float32' | 'bfloat16' | 'autocast';
  checkpointing: boolean;
};

const none = z.object({});
const seconds = z.number().nonnegative();

/** Requests but for the variant, which each side has of its own. */
const loadBase = z.object({
  /** Hugging Face directory. */
  model: z.string(),
  /** PEFT directory with the first A and B. */
  adapter: z.string(),
  rows: z.int().positive(),
  length: z.int().positive(),
  /** Positions with loss in the fullest batch. */
  learnt: z.int().positive(),
  learningRate: z.number().positive(),
});
const generatorBase = z.object({
  model: z.string(),
  /** PEFT directory, or null for the base alone. */
  adapter: z.string().nullable(),
  promptLength: z.int().positive(),
  newTokens: z.int().positive(),
});

function requestsOf<V extends z.ZodType>(variant: V) {
  return {
    /** Versions, for the record. */
    hello: none,
    /** A model in training. */
    load: loadBase.extend({ variant }),
    step: z.object({ batch }),
    evaluate: z.object({ batches: z.array(batch) }),
    /** Writes the gradients of the mean loss of a batch to a safetensors file, by PEFT's names. */
    gradient: z.object({ batch, output: z.string() }),
    /** Writes float32 "logits" [1, T, V] in float32 to a safetensors file. */
    logits: z.object({
      model: z.string(),
      adapter: z.string(),
      tokens: ints,
      output: z.string(),
    }),
    /** A model that answers; the one with and the one without adapter can be loaded at once. */
    loadGenerator: generatorBase.extend({ variant }),
    generate: z.object({ adapted: z.boolean(), prompt: ints, newTokens: z.int().positive() }),
    merge: z.object({
      model: z.string(),
      adapter: z.string(),
      output: z.string(),
      dtype: z.enum(['float32', 'bfloat16']),
    }),
    /** A model as a GGUF file of a type, no adapter merged. */
    quantize: z.object({ model: z.string(), output: z.string(), type: z.enum(ggufFileTypes) }),
    /** The most memory that the process has held since it started. */
    memory: none,
  };
}

export const ownRequests = requestsOf(ownVariant);

export const replies = {
  hello: z.object({ versions: z.record(z.string(), z.string()) }),
  load: z.object({ seconds, precision: z.string() }),
  step: z.object({ seconds, loss: z.number() }),
  evaluate: z.object({ loss: z.number() }),
  gradient: z.object({ loss: z.number() }),
  logits: none,
  loadGenerator: z.object({ precision: z.string() }),
  generate: z.object({ seconds, tokens: ints }),
  merge: z.object({ seconds }),
  quantize: z.object({ seconds }),
  memory: z.object({ peakBytes: z.number() }),
};

export type Row = z.output<typeof row>;
export type Batch = z.output<typeof batch>;
export type OwnVariant = z.output<typeof ownVariant>;
export type RequestName = keyof typeof replies;
export type Requests<V> = {
  [K in RequestName]: Omit<z.output<(typeof ownRequests)[K]>, 'variant'> &
    (K extends 'load' | 'loadGenerator' ? { variant: V } : unknown);
};
export type Replies = { [K in RequestName]: z.output<(typeof replies)[K]> };

/** A line of a worker. */
export const answer = z.union([
  z.object({ ok: z.unknown() }).refine((line) => 'ok' in line),
  z.object({ error: z.string() }),
]);
