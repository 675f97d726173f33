/** A LoRA adapter as a GGUF file for llama.cpp (convert_lora_to_gguf.py; llama-adapter.cpp). */
import type { Adapter, AdapterModule } from '../../checkpoint/adapter.ts';
import { writeGguf, type GgufTensorSource } from '../../checkpoint/gguf-writer.ts';
import { narrowed } from '../../checkpoint/safetensors-writer.ts';
import type { GgmlType } from '../../ggml/ggml-types.ts';
import { inFileOrder } from '../../model/arrangement.ts';
import { float32, string } from '../../model/gguf-form.ts';
import type { GgufPairs } from '../../tokenizer/gguf-pairs.ts';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { PlannedTensor } from './tensor-plan.ts';

/** Numbers of such a file. */
export type AdapterFileType = Extract<GgmlType, 'F32' | 'F16'>;

/** A and B of one tensor of the base: [rank, in] and [out, rank], or of all experts [E, rank, in] and [E, out, rank]. */
export type AdapterTensor = {
  name: string;
  parts: readonly (AdapterModule | null)[];
  rank: number;
  in: number;
  out: number;
  planned: PlannedTensor;
};

/**
 * What will be written. Experts without an adapter, or with one of a lower rank, are filled up with zeros.
 * Errors: export/not-in-gguf for modules that no tensor of the base's file holds.
 */
export function planAdapterFile(
  { modules }: Adapter,
  planned: readonly PlannedTensor[],
  path: string,
): AdapterTensor[] {
  const left = new Set(modules.keys());
  const tensors = planned.flatMap((tensor): AdapterTensor[] => {
    const paths = tensor.parts.map((name) => name.replace(/\.weight$/, ''));
    const parts = paths.map((each) => modules.get(each) ?? null);
    const present = parts.filter((part) => part !== null);
    const [first] = present;
    if (!first || !tensor.name.endsWith('.weight')) return [];
    for (const each of paths) left.delete(each);
    const rank = Math.max(...present.map((part) => part.rank));
    const { in: inputs, out } = first;
    return [{ name: tensor.name, parts, rank, in: inputs, out, planned: tensor }];
  });
  if (left.size > 0) throw lorikeetError('export/not-in-gguf', { path, what: [...left] });
  return tensors;
}

/** The true scaling of each module goes into B: with alpha 0 llama.cpp multiplies with nothing but the scale it is given. */
export function writeAdapterFile(
  path: string,
  architecture: string,
  tensors: readonly AdapterTensor[],
  type: AdapterFileType,
): Promise<number> {
  const pairs: GgufPairs = new Map([
    ['general.architecture', string(architecture)],
    ['general.type', string('adapter')],
    ['adapter.type', string('lora')],
    ['adapter.lora.alpha', float32(0)],
  ]);
  const sources = tensors.flatMap((tensor): GgufTensorSource[] => {
    const { name, rank, in: inputs, out, parts } = tensor;
    const slices = parts.length > 1 ? [parts.length] : [];
    const source = (half: string, shape: number[], values: () => Float32Array) => ({
      ...{ name: `${name}.${half}`, shape: [...slices, ...shape], type },
      pieces: () => [bytesOf(`${name}.${half}`, values(), type)],
    });
    return [
      source('lora_a', [rank, inputs], () => matricesA(tensor)),
      source('lora_b', [out, rank], () => matricesB(tensor)),
    ];
  });
  return writeGguf(path, pairs, sources);
}

function matricesA({ parts, rank, in: inputs }: AdapterTensor): Float32Array {
  const all = new Float32Array(parts.length * rank * inputs);
  for (const [i, part] of parts.entries()) if (part) all.set(part.a, i * rank * inputs);
  return all;
}

/** With the base's order of rows. */
function matricesB({ parts, rank, out, planned }: AdapterTensor): Float32Array {
  const { arrangement } = planned;
  const all = new Float32Array(parts.length * out * rank);
  for (const [i, part] of parts.entries()) {
    if (!part) continue;
    const scaled = widenedRows(part, rank);
    const inFile = arrangement?.kind === 'rows' ? inFileOrder(scaled, arrangement) : scaled;
    all.set(inFile, i * out * rank);
  }
  return all;
}

/** scaling · B with zeros behind each row, [out, rank]. */
function widenedRows({ b, rank: own, out, scaling }: AdapterModule, rank: number): Float32Array {
  const rows = new Float32Array(out * rank);
  for (let row = 0; row < out; row++) {
    for (let k = 0; k < own; k++) rows[row * rank + k] = scaling * (b[row * own + k] ?? NaN);
  }
  return rows;
}

function bytesOf(name: string, values: Float32Array, type: AdapterFileType): Uint8Array {
  if (type === 'F16') return narrowed(name, values, 'float16');
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
