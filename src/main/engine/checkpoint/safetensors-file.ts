/** One safetensors file open for reading, its tensors as float32. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { openFileBytes, type FileBytes } from './file-bytes.ts';
import { bfloat16ToFloat32, float16ToFloat32, floatTypeOf } from '../numbers/float-formats.ts';
import { readSafetensorsHeader, type SafetensorsEntry } from './safetensors-header.ts';

export interface SafetensorsFile {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Row-major; a part of the tensor's bytes where one is given. Errors: checkpoint/no-tensor, checkpoint/unknown-tensor-type, checkpoint/unreadable. */
  read(name: string, part?: BytesOf): Float32Array;
  /** The bytes as they are. Errors: checkpoint/no-tensor, checkpoint/unreadable. */
  readBytes(name: string, part?: BytesOf): Uint8Array;
  /** Fills `target` with the tensor's bytes from its byte `begin` on. Errors: checkpoint/no-tensor, checkpoint/unreadable. */
  readPlain(name: string, target: Uint8Array, begin: number): Promise<void>;
  close(): void;
}

/** Bytes of a tensor, counted from its first. */
export type BytesOf = { begin: number; bytes: number };

export const readableDtypes: readonly string[] = [...floatTypeOf.keys()];

/** Elements read at a time where they have to be converted. */
const chunkElements = 4 << 20;

/** Opens a file and checks its header. Errors: those of `readSafetensorsHeader`. */
export function openSafetensors(path: string): SafetensorsFile {
  const file = openFileBytes(path);
  try {
    const { tensors, metadata } = readSafetensorsHeader(file);
    const entryOf = (name: string): SafetensorsEntry => {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw lorikeetError('checkpoint/no-tensor', { path, name });
      return tensor;
    };
    return {
      path,
      tensors,
      metadata,
      read(name, part) {
        const { dtype, begin, bytes } = entryOf(name);
        const own = part ?? { begin: 0, bytes };
        return readTensor(file, name, { dtype, begin: begin + own.begin, bytes: own.bytes });
      },
      readBytes(name, part) {
        const entry = entryOf(name);
        const target = new Uint8Array((part ?? entry).bytes);
        file.readInto(target, entry.begin + (part?.begin ?? 0));
        return target;
      },
      readPlain(name, target, begin) {
        return file.readLater(target, entryOf(name).begin + begin);
      },
      close() {
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readTensor(
  file: FileBytes,
  name: string,
  { dtype, begin, bytes }: Pick<SafetensorsEntry, 'dtype' | 'begin' | 'bytes'>,
): Float32Array {
  if (dtype === 'F32') {
    const values = new Float32Array(bytes / 4);
    file.readInto(new Uint8Array(values.buffer), begin);
    return values;
  }
  if (dtype !== 'F16' && dtype !== 'BF16') {
    throw lorikeetError('checkpoint/unknown-tensor-type', {
      path: file.path,
      tensors: [`${name} (${dtype})`],
      known: readableDtypes,
    });
  }
  const convert = dtype === 'F16' ? float16ToFloat32 : bfloat16ToFloat32;
  const values = new Float32Array(bytes / 2);
  const chunk = new Uint16Array(Math.min(values.length, chunkElements));
  for (let done = 0; done < values.length; done += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, values.length - done));
    file.readInto(new Uint8Array(part.buffer, 0, 2 * part.length), begin + 2 * done);
    convert(part, values, done);
  }
  return values;
}
