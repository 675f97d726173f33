/** A base model as it is held while something is computed with it. */
import type { HeldBase } from '../../../shared/contract/records.ts';
import type { CodePacking, PackedMatrix } from '../packed/packing.ts';
import { packingOf, quantised, type QuantisedForm } from '../packed/quantize.ts';
import { unpack } from '../packed/unpack.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';
import { layerMatrices } from './stored-types.ts';

/**
 * Dense nothing has a packing; packed everything has that of the file. As nf4 and int8 the matrices of layers have the values of
 * their codes, however they are read.
 */
export function holdBase(checkpoint: Checkpoint, held: HeldBase): Checkpoint {
  switch (held.form) {
    case 'packed':
      return checkpoint;
    case 'dense':
      return withTensors(checkpoint, (tensor) => ({ ...tensor, packing: null }), {});
    case 'nf4':
      return rounded(checkpoint, { form: 'nf4', doubleQuant: held.doubleQuant });
    case 'int8':
      return rounded(checkpoint, { form: 'int8' });
  }
}

function rounded(checkpoint: Checkpoint, form: QuantisedForm): Checkpoint {
  const packings = new Map<string, CodePacking>();
  const matrices = new Set(layerMatrices(checkpoint));
  for (const [name, tensor] of checkpoint.tensors) {
    const packing = matrices.has(tensor) ? packingOf(form, tensor.shape) : null;
    if (packing) packings.set(name, packing);
  }
  const codes = (name: string): PackedMatrix | null => {
    const packing = packings.get(name);
    return packing ? quantised(form, packing, checkpoint.read(name)) : null;
  };
  return withTensors(
    checkpoint,
    (tensor, name) => {
      const packing = packings.get(name);
      return packing ? { ...tensor, packing, plain: null } : { ...tensor, packing: null };
    },
    {
      read(name) {
        const packed = codes(name);
        return packed ? unpack(packed) : checkpoint.read(name);
      },
      packed: (name) => codes(name) ?? checkpoint.packed(name),
    },
  );
}

/** The checkpoint with other tensors, and other ways to read them. */
function withTensors(
  checkpoint: Checkpoint,
  changed: (tensor: StoredTensor, name: string) => StoredTensor,
  reading: Partial<Pick<Checkpoint, 'read' | 'packed'>>,
): Checkpoint {
  const { path, format, files, architecture, config, ggufPairs } = checkpoint;
  const tensors = [...checkpoint.tensors].map(([name, tensor]): [string, StoredTensor] => [
    name,
    changed(tensor, name),
  ]);
  return {
    ...{ path, format, files, architecture, config },
    ...(ggufPairs && { ggufPairs }),
    tensors: new Map(tensors),
    read: (name) => checkpoint.read(name),
    readPlain: (name, target, begin) => checkpoint.readPlain(name, target, begin),
    packed: (name) => checkpoint.packed(name),
    ...reading,
    get tokenizer() {
      return checkpoint.tokenizer;
    },
    close: () => {
      checkpoint.close();
    },
  };
}
