/**
 * Where an adapter, a blend or an export came from: a tree of plain data that lies beside the files and in the store, and goes on
 * through the parts of a blend to the runs that trained them. Times are milliseconds since 1970, sizes bytes, losses nats per token.
 */
import { z } from 'zod';
import { exportFormNames } from '../export-forms.ts';
import { trainingConfig } from './training-config.ts';

/** In the folder of an adapter or of an exported model. */
export const originName = 'lorikeet-origin.json';

/** A file as it was: `sha256` in hexadecimal digits. */
const fingerprint = z.object({
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
});

const base = fingerprint.extend({ name: z.string(), format: z.enum(['gguf', 'huggingface']) });
const part = z.object({
  path: z.string(),
  weight: z.number(),
  /** Of its adapter_model.safetensors. */
  sha256: fingerprint.shape.sha256,
});

const common = z.object({
  /** Of this form. */
  version: z.literal(1),
  at: z.number(),
  /** What it was made with; TensorFlow's is null where nothing was computed with it. */
  versions: z.object({ lorikeet: z.string(), node: z.string(), tensorflow: z.string().nullable() }),
});

const training = common.extend({
  kind: z.literal('training'),
  data: z.array(fingerprint.extend({ role: z.enum(['training', 'validation']) })),
  config: trainingConfig,
  result: z.object({
    steps: z.int(),
    /** It was ended before its last step. */
    stopped: z.boolean(),
    /** The step that it holds, where its validation was the best and others came after it. */
    bestStep: z.int().optional(),
    lastLoss: z.number().nullable(),
    lastValidationLoss: z.number().nullable(),
  }),
});

const blend = common.extend({
  kind: z.literal('blend'),
  /** Only what thins out has a density, and only what draws numbers a seed. */
  composition: z.object({
    kind: z.enum(['exact', 'svd', 'ties', 'dare-linear', 'dare-ties', 'magnitude']),
    rank: z.int().positive().nullable(),
    density: z.number().nullable(),
    seed: z.int().nullable(),
    /** ‖Δ′ − Σ wᵢΔWᵢ‖ / ‖Σ wᵢΔWᵢ‖ */
    relativeError: z.number(),
  }),
});

const exported = common.extend({
  kind: z.literal('export'),
  to: z.enum(exportFormNames),
  /** As the format calls it: 'bfloat16', 'Q4_K_M'. */
  type: z.string(),
  proof: z.object({
    passed: z.boolean(),
    bytes: z.int().nonnegative(),
    /** By the names of the report; null where it is no finite number. */
    figures: z.record(z.string(), z.number().nullable()),
  }),
});

export type Fingerprint = z.output<typeof fingerprint>;
/** The file, or the folder with the sha256 over those of its files (engine/origin/base-origin.ts). */
export type BaseOrigin = z.output<typeof base> & {
  /** Of a base that Lorikeet has written itself; else null. */
  origin: Origin | null;
};
export type PartOrigin = z.output<typeof part> & {
  /** Null for an adapter that was made elsewhere. */
  origin: Origin | null;
};
/** What an origin says of whatever was made. */
export type CommonOrigin = z.output<typeof common> & { base: BaseOrigin };
export type TrainingOrigin = z.output<typeof training> &
  CommonOrigin & {
    /** The adapter whose values were the first ones; null where there was none. */
    startedFrom: PartOrigin | null;
  };
export type BlendOrigin = z.output<typeof blend> & CommonOrigin & { parts: PartOrigin[] };
export type ExportOrigin = z.output<typeof exported> &
  CommonOrigin & {
    parts: PartOrigin[];
    /** The weights that were merged into in place of the base; null where there were none. */
    mergedInto: BaseOrigin | null;
  };
export type Origin = TrainingOrigin | BlendOrigin | ExportOrigin;

const before: z.ZodType<Origin | null> = z.lazy(() => origin.nullable());
const onBase = { base: base.extend({ origin: before }) };
const ofPart = part.extend({ origin: before });
const ofParts = { ...onBase, parts: z.array(ofPart) };

export const exportOrigin: z.ZodType<ExportOrigin> = exported.extend({
  ...ofParts,
  mergedInto: base.extend({ origin: before }).nullable().default(null),
});
export const origin: z.ZodType<Origin> = z.union([
  training.extend({ ...onBase, startedFrom: ofPart.nullable().default(null) }),
  blend.extend(ofParts),
  exportOrigin,
]);
