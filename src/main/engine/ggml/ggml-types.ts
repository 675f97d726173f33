/** The tensor types of GGUF that can be read: how they are called and how many bytes a block of elements takes. */
import { GGMLQuantizationType } from '@huggingface/gguf';

export type GgmlType =
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'Q4_0'
  | 'Q4_1'
  | 'Q5_0'
  | 'Q5_1'
  | 'Q8_0'
  | 'Q4_K'
  | 'Q5_K'
  | 'Q6_K';

/** Elements in a block, and the bytes that a block takes (ggml-common.h). */
export const ggmlBlocks: Readonly<Record<GgmlType, { elements: number; bytes: number }>> = {
  F32: { elements: 1, bytes: 4 },
  F16: { elements: 1, bytes: 2 },
  BF16: { elements: 1, bytes: 2 },
  Q4_0: { elements: 32, bytes: 18 },
  Q4_1: { elements: 32, bytes: 20 },
  Q5_0: { elements: 32, bytes: 22 },
  Q5_1: { elements: 32, bytes: 24 },
  Q8_0: { elements: 32, bytes: 34 },
  Q4_K: { elements: 256, bytes: 144 },
  Q5_K: { elements: 256, bytes: 176 },
  Q6_K: { elements: 256, bytes: 210 },
};

/** Type number in the file to type. */
const byNumber: ReadonlyMap<number, GgmlType> = new Map([
  [0, 'F32'],
  [1, 'F16'],
  [2, 'Q4_0'],
  [3, 'Q4_1'],
  [6, 'Q5_0'],
  [7, 'Q5_1'],
  [8, 'Q8_0'],
  [12, 'Q4_K'],
  [13, 'Q5_K'],
  [14, 'Q6_K'],
  [30, 'BF16'],
]);

/** The readable type with this number, or undefined. */
export function ggmlType(number: number): GgmlType | undefined {
  return byNumber.get(number);
}

/** What a type number is called, also of types that cannot be read: 'IQ2_XS', 'type 99'. */
export function ggmlTypeName(number: number): string {
  const names: Readonly<Record<number, string>> = GGMLQuantizationType;
  return names[number] ?? `type ${number}`;
}
