/** A second reader of safetensors files, for proofs: it shares nothing with the one that the export reads with. */
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

export type RawTensor = {
  dtype: string;
  shape: readonly number[];
  /** Rows of a matrix; a vector is one row. */
  rows: number;
  columns: number;
  /** The bytes of `count` rows from row `first` on. */
  read(first: number, count: number): Buffer;
};

export type RawModel = { tensors: ReadonlyMap<string, RawTensor>; close(): void };

/** Bytes of one number, of the types that a model can be trained or written in here. */
const widths: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/** All tensors of a Hugging Face folder: of model.safetensors, else of the files that the index names. */
export function openRawModel(folder: string): RawModel {
  const descriptors: number[] = [];
  const tensors = new Map<string, RawTensor>();
  for (const name of filesOf(folder)) {
    const descriptor = openSync(join(folder, name), 'r');
    descriptors.push(descriptor);
    for (const [tensor, raw] of tensorsOf(descriptor)) tensors.set(tensor, raw);
  }
  return {
    tensors,
    close: () => {
      descriptors.forEach(closeSync);
    },
  };
}

/** The same matrix with rows for columns. */
export function turnedRound(tensor: RawTensor): RawTensor {
  const { dtype, shape, rows, columns } = tensor;
  const width = widths[dtype] ?? NaN;
  let bytes: Buffer | null = null;
  return {
    dtype,
    shape: shape.toReversed(),
    rows: columns,
    columns: rows,
    read(first, count) {
      bytes ??= tensor.read(0, rows);
      const part = Buffer.alloc(count * rows * width);
      for (let i = 0; i < count * rows; i++) {
        const from = ((i % rows) * columns + first + Math.floor(i / rows)) * width;
        bytes.copy(part, i * width, from, from + width);
      }
      return part;
    },
  };
}

function filesOf(folder: string): string[] {
  if (existsSync(join(folder, 'model.safetensors'))) return ['model.safetensors'];
  const text = readFileSync(join(folder, 'model.safetensors.index.json'), 'utf8');
  const index = new Map<string, unknown>(Object.entries(parsed(text)));
  return [...new Set(Object.values(parsed(index.get('weight_map'))).map(String))];
}

function parsed(value: unknown): object {
  const json: unknown =
    typeof value === 'string' ? JSON.parse(value.replace(/^\uFEFF/, '')) : value;
  return typeof json === 'object' && json !== null ? json : {};
}

/** The format: a length in eight bytes, a JSON table, and the data, to which the table's offsets are relative. */
function* tensorsOf(descriptor: number): Iterable<[string, RawTensor]> {
  const length = Number(bytesAt(descriptor, 0, 8).readBigUInt64LE());
  const table = parsed(bytesAt(descriptor, 8, length).toString('utf8'));
  for (const [name, value] of Object.entries(table)) {
    if (name === '__metadata__') continue;
    const entry = new Map<string, unknown>(Object.entries(parsed(value)));
    const dtype = String(entry.get('dtype'));
    const shape = numbers(entry.get('shape'));
    const [begin = NaN] = numbers(entry.get('data_offsets'));
    const columns = shape.at(-1) ?? 1;
    const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const rowBytes = columns * (widths[dtype] ?? NaN);
    const read = (first: number, count: number) =>
      bytesAt(descriptor, 8 + length + begin + first * rowBytes, count * rowBytes);
    yield [name, { dtype, shape, rows, columns, read }];
  }
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

function bytesAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const got = readSync(
      descriptor,
      bytes,
      done,
      Math.min(length - done, 1 << 30),
      position + done,
    );
    if (got === 0) throw new RangeError(`the file ends before byte ${position + length}`);
    done += got;
  }
  return bytes;
}

/** Numbers as they are stored, without loss. */
export function decoded(bytes: Buffer, dtype: string): Float64Array {
  const width = widths[dtype] ?? NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(bytes.length / width);
  for (let i = 0; i < values.length; i++) {
    const at = i * width;
    if (dtype === 'F32') values[i] = view.getFloat32(at, true);
    else if (dtype === 'BF16') values[i] = bfloat16(view.getUint16(at, true));
    else values[i] = float16(view.getUint16(at, true));
  }
  return values;
}

/** Sign, 8 bits of exponent, 7 of fraction. */
function bfloat16(bits: number): number {
  return binary(bits >> 15, (bits >> 7) & 0xff, bits & 0x7f, 7, 127);
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function float16(bits: number): number {
  return binary(bits >> 15, (bits >> 10) & 0x1f, bits & 0x3ff, 10, 15);
}

function binary(
  sign: number,
  exponent: number,
  fraction: number,
  fractionBits: number,
  bias: number,
): number {
  const one = sign === 0 ? 1 : -1;
  const part = fraction / 2 ** fractionBits;
  if (exponent === 2 * bias + 1) return fraction === 0 ? one * Infinity : NaN;
  return exponent === 0 ? one * part * 2 ** (1 - bias) : one * (1 + part) * 2 ** (exponent - bias);
}
