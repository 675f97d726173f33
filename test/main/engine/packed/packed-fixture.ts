/** What bitsandbytes makes of matrices: test/oracle/make_packed.py. */
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { fixturePath } from '../parity/fixtures.ts';

export type PackedFixture = {
  shape(name: string): readonly [number, number];
  values(name: string): Float32Array;
  bytes(name: string): Buffer;
};

/** Holds a file of test/fixtures/packed open for the process. */
export function packedFixture(name: string): PackedFixture {
  const file = openSafetensors(fixturePath(`packed/${name}.safetensors`));
  return {
    shape(tensor) {
      const [rows = 0, columns = 0] = file.tensors.get(tensor)?.shape ?? [];
      return [rows, columns];
    },
    values: (tensor) => file.read(tensor),
    bytes: (tensor) => Buffer.from(file.readBytes(tensor)),
  };
}

/** The bytes of numbers: equal ones are the same numbers to the last bit, zeros with their signs. */
export function bits(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
