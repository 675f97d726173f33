/** Writes safetensors files piece by piece: two pieces of a tensor are in memory, however large the model. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import {
  float32ToBfloat16,
  float32ToFloat16,
  floatBytes,
  floatTypeOf,
  type FloatType,
} from '../numbers/float-formats.ts';
import { counted, pieceBytes, writeInPieces, type Pieces } from './piece-writer.ts';

/** A tensor to be written, row-major; what it holds is asked for when its turn comes. */
export type TensorSource = { readonly name: string; readonly shape: readonly number[] } & (
  | { /** Rounded to the type of the file. */ readonly values: () => Float32Array }
  | {
      /** The bytes of the file one after another. A piece is left alone until the one after the next is asked for. */
      readonly pieces: () => Pieces;
    }
);

/** How safetensors names a type. */
const dtypeNames = new Map([...floatTypeOf].map(([name, type]) => [type, name]));

/** Bytes that a tensor takes in a file, the header not counted. */
export function tensorBytes(shape: readonly number[], dtype: FloatType): number {
  return shape.reduce((product, size) => product * size, floatBytes[dtype]);
}

/**
 * Writes one file, rounding to nearest even, and returns its size in bytes. The metadata say `format: pt`: transformers refuses
 * a model file that does not.
 * Errors: output/not-representable where a finite value is too large for `dtype`; those of the file system
 * as they come (see `withOutputFolder`).
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorSource[],
  dtype: FloatType,
  onTensor: () => void = () => undefined,
): Promise<number> {
  return writeInPieces(path, fileOf(tensors, dtype, onTensor));
}

async function* fileOf(
  tensors: readonly TensorSource[],
  dtype: FloatType,
  onTensor: () => void,
): AsyncIterable<Uint8Array> {
  yield headerOf(tensors, dtype);
  for (const tensor of tensors) {
    yield* counted(tensor.name, piecesOf(tensor, dtype), tensorBytes(tensor.shape, dtype));
    onTensor();
  }
}

/** The length, and the JSON padded with spaces so that the data begin at a multiple of 8. */
function headerOf(tensors: readonly TensorSource[], dtype: FloatType): Buffer {
  const entries: [string, object][] = [['__metadata__', { format: 'pt' }]];
  let begin = 0;
  for (const { name, shape } of tensors) {
    const end = begin + tensorBytes(shape, dtype);
    entries.push([name, { dtype: dtypeNames.get(dtype), shape, data_offsets: [begin, end] }]);
    begin = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + length, ' ');
  header.writeBigUInt64LE(BigInt(length), 0);
  json.copy(header, 8);
  return header;
}

function piecesOf(tensor: TensorSource, dtype: FloatType): Pieces {
  return 'pieces' in tensor ? tensor.pieces() : rounded(tensor.name, tensor.values(), dtype);
}

function* rounded(name: string, values: Float32Array, dtype: FloatType): Iterable<Uint8Array> {
  const most = pieceBytes / floatBytes[dtype];
  for (let begin = 0; begin < values.length; begin += most) {
    const part = values.subarray(begin, begin + most);
    yield dtype === 'float32' ? bytesOf(part) : narrowed(name, part, dtype);
  }
}

/**
 * Float32 values as the bytes of a 16-bit type.
 * Errors: output/not-representable where a finite value becomes infinite.
 */
export function narrowed(
  name: string,
  values: Float32Array,
  dtype: Exclude<FloatType, 'float32'>,
): Uint8Array {
  const bits = new Uint16Array(values.length);
  const convert = dtype === 'bfloat16' ? float32ToBfloat16 : float32ToFloat16;
  if (convert(values, bits) > 0) {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    throw lorikeetError('output/not-representable', { tensor: name, dtype, largest });
  }
  return bytesOf(bits);
}

function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
