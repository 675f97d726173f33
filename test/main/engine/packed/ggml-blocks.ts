/** Blocks of each GGUF type with the values that gguf-py gives for them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GgmlType } from '../../../../src/main/engine/ggml/ggml-types.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { fixtures } from '../checkpoint/fixtures.ts';

export const ggmlTypes: GgmlType[] = [
  ...(['F16', 'BF16', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K'] as const),
];

export function ggmlBlocksOf(type: GgmlType): { bytes: Uint8Array; values: Float32Array } {
  const path = join(fixtures, 'gguf/blocks.safetensors');
  const file = openSafetensors(path);
  const values = file.read(`${type}.values`);
  const { begin = 0, bytes = 0 } = file.tensors.get(`${type}.bytes`) ?? {};
  file.close();
  return { bytes: new Uint8Array(readFileSync(path)).slice(begin, begin + bytes), values };
}
