/** The tensors that a quantised weight is stored as, wherever in a model's files they are, each taken once and checked. */
import type { CodePacking, PackedMatrix } from '../packed/packing.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import type { SafetensorsFile } from './safetensors-file.ts';

/** A weight that is stored as codes. */
export type QuantisedWeight = {
  /** [out, in], also where plain files of the model hold [in, out]. */
  readonly shape: readonly [number, number];
  readonly storedAs: 'NF4' | 'FP4' | 'INT8';
  /** Of all tensors that belong to it. */
  readonly bytes: number;
  /** Null where its last block is cut off. */
  readonly packing: CodePacking | null;
  /** The matrix; where it has no packing, its values and after them some that mean nothing. Errors: those of the file. */
  packed(): PackedMatrix;
};

export type StoredPart = {
  readonly shape: readonly number[];
  /** On disk. */
  readonly size: number;
  bytes(): Uint8Array;
  /** Of a part of a type of floating point. */
  values(): Float32Array;
};

export const floats: readonly string[] = [...floatTypeOf.keys()];

export class QuantisedParts {
  /** Names that weights have taken. */
  readonly taken = new Set<string>();
  readonly problems: string[] = [];
  private readonly files = new Map<string, SafetensorsFile>();

  constructor(files: readonly SafetensorsFile[]) {
    for (const file of files) for (const name of file.tensors.keys()) this.files.set(name, file);
  }

  get names(): Iterable<string> {
    return this.files.keys();
  }

  has(name: string): boolean {
    return this.files.has(name);
  }

  /**
   * The tensor of this name; null, and a problem, where it is missing, has none of the types or another number of elements.
   * @param types null for any
   */
  take(name: string, types: readonly string[] | null, elements: number | null): StoredPart | null {
    const file = this.files.get(name);
    const entry = file?.tensors.get(name);
    if (!file || !entry) {
      this.problems.push(`${name} is missing`);
      return null;
    }
    this.taken.add(name);
    const { dtype, shape, bytes } = entry;
    const found = shape.reduce((product, size) => product * size, 1);
    const fits = elements === null || found === elements;
    if (!fits || types?.includes(dtype) === false) {
      const wanted = `${elements ?? 'some'} of ${types?.join(' or ') ?? 'any type'}`;
      this.problems.push(`${name} is ${dtype} [${shape.join(', ')}] instead of ${wanted}`);
      return null;
    }
    return {
      shape,
      size: bytes,
      bytes: () => file.readBytes(name),
      values: () => file.read(name),
    };
  }
}
