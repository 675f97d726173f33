/** Writes base + adapter as one GGUF file. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { Adapter } from '../../checkpoint/adapter.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { ggufTensorBytes, writeGguf, type GgufTensorSource } from '../../checkpoint/gguf-writer.ts';
import type { GgufFileType } from '../../../../shared/export-forms.ts';
import { fileTypeNumber, tensorTypes, type QuantisedModel } from '../../ggml/file-types.ts';
import type { GgmlType } from '../../ggml/ggml-types.ts';
import type { Architecture } from '../../model/architecture.ts';
import { inFileOrder } from '../../model/arrangement.ts';
import type { GgufForm } from '../../model/gguf-form.ts';
import { floatTypeOf, widened, type FloatType } from '../../numbers/float-formats.ts';
import { gathered } from '../gathered.ts';
import { inType } from '../in-type.ts';
import { MergedTensors } from '../merged-tensors.ts';
import { ggufOf } from './gguf-of.ts';
import { ggufMetadata } from './metadata.ts';
import { checkSaid } from './said-in-gguf.ts';
import { planTensors, type PlannedTensor } from './tensor-plan.ts';

/** A tensor of the file, and the type that it has there. */
export type TypedTensor = PlannedTensor & { type: GgmlType };

export type GgufPlan = {
  form: GgufForm;
  tensors: readonly TypedTensor[];
  /** Of the tensors, in bytes. */
  bytes: number;
};

/**
 * What will be written; nothing is computed yet.
 * Errors: export/no-gguf-family, export/no-head-in-gguf, export/not-in-gguf.
 */
export function planGguf(base: Checkpoint, adapter: Adapter, fileType: GgufFileType): GgufPlan {
  const { architecture, path } = base;
  const { form, family } = ggufOf(architecture, path);
  if (adapter.saved.size > 0 || architecture.labels !== null) {
    throw lorikeetError('export/no-head-in-gguf', { path });
  }
  if (!base.ggufPairs) checkSaid(architecture, form, path);
  const planned = planTensors(architecture, family, path);
  const types = tensorTypes(fileType, quantisedModel(architecture, form), planned);
  const tensors = planned.map((tensor) => ({ ...tensor, type: types.get(tensor.name) ?? 'F32' }));
  const bytes = tensors.reduce((sum, { shape, type }) => sum + ggufTensorBytes(shape, type), 0);
  return { form, tensors, bytes };
}

/**
 * Merges in float32, a few rows at a time, arranges and quantises. Gives the size of the file in bytes, and what a person should
 * know of it.
 * Errors: merge/not-finite, checkpoint/not-finite and output/not-representable, naming the matrix; those of the checkpoint and
 * the tokenizer.
 */
export async function writeGgufModel(
  file: string,
  base: Checkpoint,
  adapter: Adapter,
  fileType: GgufFileType,
  plan: GgufPlan,
  onProgress: (done: number, total: number) => void,
): Promise<{ bytes: number; roundingLoss: number; notices: readonly string[] }> {
  const { form, tensors } = plan;
  const metadata = ggufMetadata(base, form, fileTypeNumber(fileType));
  const wanted = tensors.flatMap(({ parts, type }) =>
    parts.map((name) => ({ name, type: mergedAs(type) })),
  );
  const merged = new MergedTensors(base, adapter, wanted);
  const settings = [...form.settings].map(([name, values]): GgufTensorSource => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return { name, shape: [values.length], type: 'F32', pieces: () => [bytes] };
  });
  const weights = tensors.map((tensor): GgufTensorSource => ({
    ...tensor,
    pieces: () => piecesOf(tensor, merged, base.path),
  }));
  const all = [...settings, ...weights];
  let done = 0;
  try {
    const bytes = await writeGguf(file, metadata.pairs, all, () => {
      onProgress(++done, all.length);
    });
    return { bytes, roundingLoss: merged.roundingLoss, notices: metadata.notices };
  } finally {
    await merged.close();
  }
}

/** Blocks are made from float32. */
function mergedAs(type: GgmlType): FloatType {
  return floatTypeOf.get(type) ?? 'float32';
}

async function* piecesOf(
  tensor: TypedTensor,
  merged: MergedTensors,
  path: string,
): AsyncIterable<Uint8Array> {
  for (let part = 0; part < tensor.parts.length; part++) {
    for await (const piece of arranged(tensor, merged.pieces())) {
      yield floatTypeOf.has(tensor.type) ? piece : inType(tensor, widened(piece, 'float32'), path);
    }
  }
}

/** Whole tensors where rows change their places. */
async function* arranged(
  { arrangement, parts, shape, type }: TypedTensor,
  pieces: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (arrangement === null) {
    yield* pieces;
    return;
  }
  const inFile = floatTypeOf.has(type) ? type : 'F32';
  const whole = await gathered(pieces, ggufTensorBytes(shape, inFile) / parts.length);
  if (arrangement.kind === 'rows') yield inFileOrder(whole, arrangement);
  else yield plusOne(whole);
}

/** Norms are float32 in every file. */
function plusOne(bytes: Uint8Array): Uint8Array {
  const factors = widened(bytes, 'float32').map((value) => value + 1);
  return new Uint8Array(factors.buffer);
}

function quantisedModel(
  { config, experts }: Architecture,
  { architecture }: GgufForm,
): QuantisedModel {
  return {
    architecture,
    layers: config.numHiddenLayers,
    experts: experts?.count ?? 0,
    heads: config.numAttentionHeads,
    keyValueHeads: config.numKeyValueHeads,
  };
}
