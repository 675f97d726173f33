/** Safetensors files of tensors of any type: read whole, changed, written again. */
import { writeFileSync } from 'node:fs';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';

export type RawTensor = { dtype: string; shape: readonly number[]; bytes: Uint8Array };

export function readRaw(path: string): Map<string, RawTensor> {
  const file = openSafetensors(path);
  try {
    return new Map(
      [...file.tensors].map(([name, { dtype, shape }]) => {
        return [name, { dtype, shape, bytes: file.readBytes(name) }];
      }),
    );
  } finally {
    file.close();
  }
}

export function writeRaw(path: string, tensors: ReadonlyMap<string, RawTensor>): void {
  let end = 0;
  const header = Object.fromEntries(
    [...tensors].map(([name, { dtype, shape, bytes }]) => {
      const data_offsets = [end, (end += bytes.length)];
      return [name, { dtype, shape, data_offsets }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, ...[...tensors.values()].map((t) => t.bytes)]));
}
