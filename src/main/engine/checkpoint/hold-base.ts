/** A base model as it is held while something is computed with it. */
import type { HeldBase } from '../../../shared/contract/records.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';

/** Dense nothing has a packing; packed everything has that of the file. */
export function holdBase(checkpoint: Checkpoint, { form }: HeldBase): Checkpoint {
  switch (form) {
    case 'packed':
      return checkpoint;
    case 'dense':
      return withoutPackings(checkpoint);
    case 'nf4':
    case 'int8':
      throw new RangeError(`a base is not held as ${form} yet`);
  }
}

function withoutPackings(checkpoint: Checkpoint): Checkpoint {
  const { path, format, files, architecture, config, ggufPairs } = checkpoint;
  const tensors = [...checkpoint.tensors].map(([name, tensor]): [string, StoredTensor] => [
    name,
    { ...tensor, packing: null },
  ]);
  return {
    ...{ path, format, files, architecture, config },
    ...(ggufPairs && { ggufPairs }),
    tensors: new Map(tensors),
    read: (name) => checkpoint.read(name),
    readPlain: (name, target, begin) => checkpoint.readPlain(name, target, begin),
    packed: (name) => checkpoint.packed(name),
    get tokenizer() {
      return checkpoint.tokenizer;
    },
    close: () => {
      checkpoint.close();
    },
  };
}
