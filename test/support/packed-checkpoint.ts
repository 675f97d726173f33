/** A checkpoint whose matrices are blocks of GGUF, made of any other: held packed, or dense with the same values. */
import { changedCheckpoint } from '../../src/main/engine/checkpoint/changed-checkpoint.ts';
import type { Checkpoint, StoredTensor } from '../../src/main/engine/checkpoint/checkpoint.ts';
import { bytesFor, quantize } from '../../src/main/engine/ggml/quantize.ts';
import { ggmlBlocks, type GgmlType } from '../../src/main/engine/ggml/ggml-types.ts';
import { fromGgml, packingOfGgml } from '../../src/main/engine/packed/from-ggml.ts';
import type { PackedMatrix } from '../../src/main/engine/packed/packing.ts';
import { unpack } from '../../src/main/engine/packed/unpack.ts';

/** In turn, so that modules of one group are held in several ways. */
const types: GgmlType[] = ['Q4_0', 'Q8_0', 'Q8_0', 'Q5_1', 'Q4_1'];

/** Every matrix that can be is quantised; those that cannot stay as they are. */
export function packedCheckpoint(checkpoint: Checkpoint): {
  packed: Checkpoint;
  dense: Checkpoint;
} {
  const typeOf = new Map<string, GgmlType>();
  for (const [name, { shape }] of checkpoint.tensors) {
    const [rows = 0, columns = 0] = shape;
    const type = types[typeOf.size % types.length] ?? 'Q8_0';
    const whole = shape.length === 2 && columns % ggmlBlocks[type].elements === 0;
    if (whole && packingOfGgml(type, rows * columns)) typeOf.set(name, type);
  }
  const packed = (name: string): PackedMatrix => {
    const type = typeOf.get(name) ?? 'F32';
    const values = checkpoint.read(name);
    const bytes = new Uint8Array(bytesFor(type, values.length));
    quantize(type, values, bytes, 0);
    return fromGgml(type, bytes);
  };
  const read = (name: string) => (typeOf.has(name) ? unpack(packed(name)) : checkpoint.read(name));
  const tensors = new Map(
    [...checkpoint.tensors].map(([name, tensor]): [string, StoredTensor] => {
      const type = typeOf.get(name);
      const [rows = 0, columns = 0] = tensor.shape;
      if (type === undefined) return [name, { ...tensor, packing: null }];
      const packing = packingOfGgml(type, rows * columns);
      return [name, { ...tensor, storedAs: type, packing }];
    }),
  );
  return {
    packed: changedCheckpoint(checkpoint, { tensors, read, packed }),
    dense: changedCheckpoint(checkpoint, { read }),
  };
}
