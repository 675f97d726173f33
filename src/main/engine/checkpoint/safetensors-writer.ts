/** Writes safetensors files tensor by tensor: one tensor at a time is in memory, however large the model. */
import { open, type FileHandle } from 'node:fs/promises';
import type { MergeDtype } from '../../../shared/contract/records.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { float32ToBfloat16, float32ToFloat16 } from './float-formats.ts';

/** A tensor to be written: `values` is asked for when its turn comes, row-major float32. */
export type TensorSource = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: () => Float32Array;
};

const formats = {
  float32: { dtype: 'F32', width: 4 },
  bfloat16: { dtype: 'BF16', width: 2 },
  float16: { dtype: 'F16', width: 2 },
} as const;

/** Elements converted at a time. */
const chunkElements = 4 << 20;
/** One write call takes at most this many bytes: Node's own limit is 2 GiB. */
const mostPerWrite = 1 << 30;

/** Bytes that a tensor takes in a file, the header not counted. */
export function tensorBytes(shape: readonly number[], dtype: MergeDtype): number {
  return shape.reduce((product, size) => product * size, formats[dtype].width);
}

/**
 * Writes one file, rounding to nearest even, and returns its size in bytes. The metadata say `format: pt`:
 * transformers refuses a model file that does not.
 * Errors: output/not-representable where a finite value is too large for `dtype`; those of the file system
 * as they come (see `withOutputFolder`).
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorSource[],
  dtype: MergeDtype,
  onTensor: () => void = () => undefined,
): Promise<number> {
  const header = headerOf(tensors, dtype);
  const file = await open(path, 'wx');
  try {
    await writeAll(file, header);
    let bytes = header.length;
    for (const { name, shape, values } of tensors) {
      const data = values();
      const wanted = tensorBytes(shape, dtype);
      if (data.length * formats[dtype].width !== wanted) {
        throw new Error(`${name} has ${data.length} values, not those of [${shape.join(', ')}]`);
      }
      await writeValues(file, name, data, dtype);
      bytes += wanted;
      onTensor();
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** The length, and the JSON padded with spaces so that the data begin at a multiple of 8. */
function headerOf(tensors: readonly TensorSource[], dtype: MergeDtype): Buffer {
  const entries: [string, object][] = [['__metadata__', { format: 'pt' }]];
  let begin = 0;
  for (const { name, shape } of tensors) {
    const end = begin + tensorBytes(shape, dtype);
    entries.push([name, { dtype: formats[dtype].dtype, shape, data_offsets: [begin, end] }]);
    begin = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + length, ' ');
  header.writeBigUInt64LE(BigInt(length), 0);
  json.copy(header, 8);
  return header;
}

async function writeValues(
  file: FileHandle,
  name: string,
  values: Float32Array,
  dtype: MergeDtype,
): Promise<void> {
  if (dtype === 'float32') {
    await writeAll(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return;
  }
  const convert = dtype === 'bfloat16' ? float32ToBfloat16 : float32ToFloat16;
  const chunk = new Uint16Array(Math.min(values.length, chunkElements));
  for (let done = 0; done < values.length; done += chunk.length) {
    const part = values.subarray(done, Math.min(done + chunk.length, values.length));
    const overflows = convert(part, chunk);
    if (overflows > 0) {
      const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      throw lorikeetError('output/not-representable', { tensor: name, dtype, largest });
    }
    await writeAll(file, new Uint8Array(chunk.buffer, 0, 2 * part.length));
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(
      bytes,
      done,
      Math.min(bytes.length - done, mostPerWrite),
    );
    done += bytesWritten;
  }
}
