/** Writes GGUF files, version 3: key-values, what the tensors are, and their bytes piece by piece. */
import { GGMLQuantizationType, GGUFValueType } from '@huggingface/gguf';
import { ggmlBlocks, type GgmlType } from '../ggml/ggml-types.ts';
import type { GgufPairs, GgufValue } from '../tokenizer/gguf-pairs.ts';
import { counted, writeInPieces, type Pieces } from './piece-writer.ts';

/** A tensor to be written, row-major; the bytes are asked for when its turn comes: see `TensorSource`. */
export type GgufTensorSource = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: GgmlType;
  readonly pieces: () => Pieces;
};

/** Every tensor begins at a multiple of it, counted from where the data begin; what readers take without being told. */
const alignment = 32;

/** Bytes that a tensor takes. Its rows are whole blocks. */
export function ggufTensorBytes(shape: readonly number[], type: GgmlType): number {
  const { elements, bytes } = ggmlBlocks[type];
  return (shape.reduce((product, size) => product * size, 1) / elements) * bytes;
}

/** Writes one file and returns its size in bytes. Errors: those of the file system as they come (see `withOutputFolder`). */
export function writeGguf(
  path: string,
  pairs: GgufPairs,
  tensors: readonly GgufTensorSource[],
  onTensor: () => void = () => undefined,
): Promise<number> {
  return writeInPieces(path, fileOf(pairs, tensors, onTensor));
}

async function* fileOf(
  pairs: GgufPairs,
  tensors: readonly GgufTensorSource[],
  onTensor: () => void,
): AsyncIterable<Uint8Array> {
  yield ggufHeader(pairs, tensors);
  for (const { name, shape, type, pieces } of tensors) {
    const bytes = ggufTensorBytes(shape, type);
    yield* counted(name, pieces(), bytes);
    yield new Uint8Array(aligned(bytes) - bytes);
    onTensor();
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** Everything before the bytes of the tensors. */
function ggufHeader(pairs: GgufPairs, tensors: readonly GgufTensorSource[]): Uint8Array {
  const out = new ByteList();
  out.text('GGUF');
  out.uint32(3);
  out.uint64(tensors.length);
  out.uint64(pairs.size);
  for (const [key, value] of pairs) {
    out.string(key);
    writeValue(out, value);
  }
  let offset = 0;
  for (const { name, shape, type } of tensors) {
    out.string(name);
    out.uint32(shape.length);
    // The innermost size comes first.
    for (const size of shape.toReversed()) out.uint64(size);
    out.uint32(GGMLQuantizationType[type]);
    out.uint64(offset);
    offset += aligned(ggufTensorBytes(shape, type));
  }
  return out.bytes(aligned);
}

/** What a list can be of; no program knows lists of lists. */
type Scalar = Exclude<GgufValue['type'], 'array'>;

const typeNumbers: Readonly<Record<GgufValue['type'], GGUFValueType>> = {
  uint8: GGUFValueType.UINT8,
  int8: GGUFValueType.INT8,
  uint16: GGUFValueType.UINT16,
  int16: GGUFValueType.INT16,
  uint32: GGUFValueType.UINT32,
  int32: GGUFValueType.INT32,
  uint64: GGUFValueType.UINT64,
  int64: GGUFValueType.INT64,
  float32: GGUFValueType.FLOAT32,
  float64: GGUFValueType.FLOAT64,
  bool: GGUFValueType.BOOL,
  string: GGUFValueType.STRING,
  array: GGUFValueType.ARRAY,
};

function writeValue(out: ByteList, value: GgufValue): void {
  out.uint32(typeNumbers[value.type]);
  if (value.type !== 'array') {
    writeScalar(out, value.type, value.value);
    return;
  }
  out.uint32(typeNumbers[value.of]);
  out.uint64(value.value.length);
  for (const each of value.value) writeScalar(out, value.of, each);
}

function writeScalar(out: ByteList, type: Scalar, value: number | boolean | string): void {
  if (type === 'string') out.string(String(value));
  else if (type === 'float32') out.float32(Number(value));
  else if (type === 'float64') out.float64(Number(value));
  else out.integer(Number(value), integerBytes[type]);
}

const integerBytes = {
  ...{ bool: 1, uint8: 1, int8: 1, uint16: 2, int16: 2, uint32: 4, int32: 4, uint64: 8, int64: 8 },
};

/** Bytes that grow, little endian. */
class ByteList {
  private buffer = Buffer.alloc(1 << 16);
  private length = 0;

  uint32(value: number): void {
    this.integer(value, 4);
  }

  uint64(value: number): void {
    this.integer(value, 8);
  }

  /** Negative ones in two's complement. */
  integer(value: number, bytes: number): void {
    const at = this.room(bytes);
    this.buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), at);
  }

  float64(value: number): void {
    const at = this.room(8);
    this.buffer.writeDoubleLE(value, at);
  }

  float32(value: number): void {
    const at = this.room(4);
    this.buffer.writeFloatLE(value, at);
  }

  /** Without its length. */
  text(value: string): void {
    const size = Buffer.byteLength(value);
    const at = this.room(size);
    this.buffer.write(value, at);
  }

  string(value: string): void {
    this.uint64(Buffer.byteLength(value));
    this.text(value);
  }

  /** All of them, followed by zeros up to the size that `padded` gives. */
  bytes(padded: (length: number) => number): Uint8Array {
    const size = padded(this.length);
    this.room(size - this.length);
    return this.buffer.subarray(0, size);
  }

  private room(size: number): number {
    const at = this.length;
    this.length += size;
    // What is written with 8 bytes may be overwritten by what follows.
    if (this.length + 8 > this.buffer.length) {
      const grown = Buffer.alloc(2 * this.length);
      this.buffer.copy(grown);
      this.buffer = grown;
    }
    return at;
  }
}
