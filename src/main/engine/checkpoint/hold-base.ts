/** A base in the form that a run holds it in: what everything above computes with, and exports. */
import type { HeldBase } from '../../../shared/contract/records.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import type { PackedMatrix } from '../packed/packing.ts';
import { packingOf, quantised, type QuantisedForm } from '../packed/quantize.ts';
import type { PlainValues } from '../packed/code-module.ts';
import { wordsOf } from '../packed/row-squares.ts';
import { unpack } from '../packed/unpack.ts';
import { changedCheckpoint } from './changed-checkpoint.ts';
import { checkFinitePacked } from './check-finite.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';
import { layerMatrices, type LayerMatrix } from './stored-types.ts';

/**
 * The checkpoint in the form, whose files stay those of the original. 'packed' leaves the matrices of linear layers as they lie
 * in the file; the forms that quantise are for the same matrices but for those of gates and routers, and `read` and `packed` then
 * give the quantised values.
 * Errors: checkpoint/quantised-already, checkpoint/nothing-packed.
 */
export function holdBase(checkpoint: Checkpoint, { form, doubleQuant }: HeldBase): Checkpoint {
  switch (form) {
    case 'dense':
      return changedCheckpoint(checkpoint, {
        tensors: changed(checkpoint.tensors, (tensor) => ({ ...tensor, packing: null })),
      });
    case 'packed':
      return heldAsStored(checkpoint);
    case 'nf4':
      return heldQuantised(checkpoint, { form, doubleQuant });
    case 'int8':
      return heldQuantised(checkpoint, { form });
  }
}

function heldAsStored(checkpoint: Checkpoint): Checkpoint {
  const matrices = layerMatrices(checkpoint);
  if (matrices.every(({ stored }) => stored.packing === null)) {
    const { path } = checkpoint;
    throw lorikeetError('checkpoint/nothing-packed', { path, stored: typesOf(matrices) });
  }
  return checkpoint;
}

function heldQuantised(checkpoint: Checkpoint, form: QuantisedForm): Checkpoint {
  const { path } = checkpoint;
  const matrices = layerMatrices(checkpoint).filter(({ gate }) => !gate);
  const stored = typesOf(matrices).filter((type) => !floatTypeOf.has(type));
  if (stored.length > 0) {
    throw lorikeetError('checkpoint/quantised-already', { path, form: form.form, stored });
  }
  const shapes = new Map(matrices.map(({ name, stored: { shape } }) => [name, shape]));
  const packingFor = (name: string) => {
    const shape = shapes.get(name);
    return shape ? packingOf(form, shape) : null;
  };
  const quantisedMatrix = (name: string): PackedMatrix | null => {
    const packing = packingFor(name);
    const matrix = packing && quantised(form, packing, plainValues(checkpoint, name));
    return matrix && checkFinitePacked(matrix, name, path);
  };
  return changedCheckpoint(checkpoint, {
    tensors: changed(checkpoint.tensors, (tensor, name) => {
      const packing = packingFor(name);
      return packing ? { ...tensor, plain: null, packing } : tensor;
    }),
    read(name) {
      const matrix = quantisedMatrix(name);
      return matrix ? unpack(matrix) : checkpoint.read(name);
    },
    packed: (name) => quantisedMatrix(name) ?? checkpoint.packed(name),
  });
}

/** As they lie in the file where that is bfloat16: widening a whole model takes longer than quantising it. */
function plainValues(checkpoint: Checkpoint, name: string): PlainValues {
  const packing = checkpoint.tensors.get(name)?.packing;
  if (packing?.kind !== 'float' || packing.type !== 'bfloat16') return checkpoint.read(name);
  return wordsOf(checkpoint.packed(name).parts[0] ?? new Uint8Array());
}

function typesOf(matrices: readonly LayerMatrix[]): string[] {
  return [...new Set(matrices.map(({ stored }) => stored.storedAs))];
}

function changed(
  tensors: Checkpoint['tensors'],
  change: (tensor: StoredTensor, name: string) => StoredTensor,
): Checkpoint['tensors'] {
  return new Map([...tensors].map(([name, tensor]) => [name, change(tensor, name)]));
}
