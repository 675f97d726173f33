/** The types of GGUF files: what each is called, its number, and which type it gives each tensor, as llama.cpp's quantiser does. */
import type { GgufFileType } from '../../../shared/export-forms.ts';
import { ggmlBlocks, type GgmlType } from './ggml-types.ts';

/** The number in `general.file_type` (llama_ftype of llama.h), and the type that most tensors get. */
const kinds: Readonly<Record<GgufFileType, { number: number; type: GgmlType }>> = {
  F32: { number: 0, type: 'F32' },
  F16: { number: 1, type: 'F16' },
  Q4_0: { number: 2, type: 'Q4_0' },
  Q4_1: { number: 3, type: 'Q4_1' },
  Q8_0: { number: 7, type: 'Q8_0' },
  Q5_0: { number: 8, type: 'Q5_0' },
  Q5_1: { number: 9, type: 'Q5_1' },
  Q4_K_S: { number: 14, type: 'Q4_K' },
  Q4_K_M: { number: 15, type: 'Q4_K' },
  Q5_K_S: { number: 16, type: 'Q5_K' },
  Q5_K_M: { number: 17, type: 'Q5_K' },
  Q6_K: { number: 18, type: 'Q6_K' },
  BF16: { number: 32, type: 'BF16' },
};

/** `general.file_type` of a file. */
export function fileTypeNumber(fileType: GgufFileType): number {
  return kinds[fileType].number;
}

/** What the types of a model's tensors depend on. */
export type QuantisedModel = {
  /** `general.architecture` */
  architecture: string;
  layers: number;
  /** 0 where there is no mixture of them. */
  experts: number;
  heads: number;
  keyValueHeads: number;
};

export type NamedShape = {
  /** The name in GGUF files. */
  name: string;
  /** From the outermost axis on: the last is the length of a row. */
  shape: readonly number[];
};

/**
 * The type of each of a model's tensors, all of which are named, in a file of this type; the rules are those of llama-quant.cpp
 * for models of the families here, without an importance matrix.
 */
export function tensorTypes(
  fileType: GgufFileType,
  model: QuantisedModel,
  tensors: readonly NamedShape[],
): Map<string, GgmlType> {
  const { type } = kinds[fileType];
  const values = tensors
    .map(({ name }) => name)
    .filter((name) => partOf(name) === 'values')
    .sort((a, b) => layerOf(a) - layerOf(b));
  const tied = !tensors.some(({ name }) => partOf(name) === 'output');
  const typeOf = ({ name, shape }: NamedShape): GgmlType => {
    if (!isQuantised(name, shape)) return 'F32';
    if (ggmlBlocks[type].elements === 1) return type;
    const part = partOf(name);
    const length = shape.at(-1) ?? 1;
    if (part === 'output' || (part === 'embedding' && tied)) {
      return fitting(outputType(type, length), length);
    }
    const index = part === 'values' ? values.indexOf(name) : layerOf(name);
    const count = part === 'values' ? values.length : model.layers;
    return fitting(partType(fileType, part, model, index, count), length);
  };
  return new Map(tensors.map((tensor) => [tensor.name, typeOf(tensor)]));
}

/** Parts of a model that are told apart: those that some file type holds in another type than the rest. */
type Part = 'output' | 'embedding' | 'values' | 'keys' | 'attention output' | 'down' | 'other';

function partOf(name: string): Part {
  if (name === 'output.weight') return 'output';
  if (name === 'token_embd.weight') return 'embedding';
  if (/attn_(?:v|qkv)\.weight/.test(name)) return 'values';
  if (name.includes('attn_k.weight')) return 'keys';
  if (name.includes('attn_output.weight')) return 'attention output';
  return name.includes('ffn_down') ? 'down' : 'other';
}

/** −1 for what is outside of the layers. */
function layerOf(name: string): number {
  return Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
}

/** Matrices, but for norms, positions, token types and routers. An outer axis of 1 does not count. */
function isQuantised(name: string, shape: readonly number[]): boolean {
  const axes = shape.slice(shape.findIndex((length) => length !== 1)).length;
  if (axes < 2 || !name.endsWith('weight')) return false;
  if (name === 'position_embd.weight' || name === 'token_types.weight') return false;
  return !name.includes('_norm.weight') && !name.includes('ffn_gate_inp.weight');
}

function outputType(type: GgmlType, length: number): GgmlType {
  return type === 'Q8_0' || length % ggmlBlocks[type].elements !== 0 ? 'Q8_0' : 'Q6_K';
}

/** Type of a tensor of the layers, or of an embedding of its own; `index` of `count` is its place among those of its part. */
function partType(
  fileType: GgufFileType,
  part: Part,
  model: QuantisedModel,
  index: number,
  count: number,
): GgmlType {
  const { type } = kinds[fileType];
  const eight = model.experts === 8;
  const more = fileType.endsWith('_M') && hasMoreBits(index, count);
  switch (part) {
    case 'values':
      if (eight) return 'Q8_0';
      if (more) return 'Q6_K';
      if (fileType === 'Q4_K_S' && index < 4) return 'Q5_K';
      return type === 'Q4_K' && isOf70B(model) ? 'Q5_K' : type;
    case 'keys':
      return eight ? 'Q8_0' : type;
    case 'attention output':
      return eight && type === 'Q4_K' ? 'Q5_K' : type;
    case 'down':
      if (more) return 'Q6_K';
      return fileType === 'Q4_K_S' && index < eighth(count) ? 'Q5_K' : type;
    default:
      return type;
  }
}

/** The first and the last eighth, and every third between them. */
function hasMoreBits(index: number, count: number): boolean {
  const begin = eighth(count);
  return index < begin || index >= eighth(7 * count) || (index - begin) % 3 === 2;
}

function eighth(count: number): number {
  return Math.floor(count / 8);
}

/** Many queries share few keys and values there, so these are worth more bits. */
function isOf70B({ architecture, layers, heads, keyValueHeads }: QuantisedModel): boolean {
  return (
    layers === 80 &&
    (architecture === 'qwen2' || (architecture === 'llama' && heads !== keyValueHeads))
  );
}

/** The type, or the one in its place where its blocks do not divide a row. */
function fitting(type: GgmlType, length: number): GgmlType {
  if (length % ggmlBlocks[type].elements === 0) return type;
  const instead: Partial<Record<GgmlType, GgmlType>> = { Q4_K: 'Q5_0', Q5_K: 'Q5_1', Q6_K: 'Q8_0' };
  return length % 32 === 0 ? (instead[type] ?? type) : 'F16';
}
