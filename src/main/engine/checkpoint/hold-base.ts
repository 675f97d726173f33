/** A base in the form that a run holds it in: what everything above computes with, and exports. */
import type { HeldBase } from '../../../shared/contract/records.ts';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { layerPath, linearsOf, type Architecture } from '../model/architecture.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import type { PackedMatrix } from '../packed/packing.ts';
import { packingOf, quantised, type QuantisedForm } from '../packed/quantize.ts';
import { unpack } from '../packed/unpack.ts';
import { checkFinitePacked } from './check-finite.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';

/**
 * The checkpoint in the form, whose files stay those of the original. 'packed' leaves the matrices of linear layers as they lie
 * in the file; the forms that quantise are for the same matrices but for those of gates and routers, and `read` and `packed` then
 * give the quantised values. Which ones stay dense all the same is told in the architecture's notices.
 * Errors: checkpoint/quantised-already, checkpoint/nothing-packed.
 */
export function holdBase(checkpoint: Checkpoint, { form, doubleQuant }: HeldBase): Checkpoint {
  switch (form) {
    case 'dense':
      return over(checkpoint, {
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
  const { path, tensors } = checkpoint;
  const names = layerMatrices(checkpoint.architecture).map(({ name }) => name);
  const dense = names.filter((name) => (tensors.get(name)?.packing ?? null) === null);
  if (dense.length === names.length) {
    const stored = typesOf(checkpoint, names);
    throw lorikeetError('checkpoint/nothing-packed', { path, stored });
  }
  return over(checkpoint, { architecture: toldDense(checkpoint.architecture, dense) });
}

function heldQuantised(checkpoint: Checkpoint, form: QuantisedForm): Checkpoint {
  const { path, architecture } = checkpoint;
  const names = layerMatrices(architecture).flatMap(({ name, gate }) => (gate ? [] : [name]));
  const stored = typesOf(checkpoint, names).filter((type) => !floatTypeOf.has(type));
  if (stored.length > 0) {
    throw lorikeetError('checkpoint/quantised-already', { path, form: form.form, stored });
  }
  const wanted = new Set(names);
  const packingFor = (name: string) => {
    const shape = wanted.has(name) ? checkpoint.tensors.get(name)?.shape : undefined;
    return shape ? packingOf(form, shape) : null;
  };
  const quantisedMatrix = (name: string): PackedMatrix | null => {
    const packing = packingFor(name);
    const matrix = packing && quantised(form, packing, checkpoint.read(name));
    return matrix && checkFinitePacked(matrix, name, path);
  };
  const dense = names.filter((name) => packingFor(name) === null);
  return over(checkpoint, {
    architecture: toldDense(architecture, dense),
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

/** The weights of the linear layers of all transformer layers: bitsandbytes, too, leaves embeddings, output and heads as they are. */
function layerMatrices(architecture: Architecture): { name: string; gate: boolean }[] {
  return Array.from({ length: architecture.config.numHiddenLayers }, (_, layer) =>
    linearsOf(architecture, layer).map(({ path, gate = false }) => ({
      name: `${layerPath(architecture, layer)}.${path}.weight`,
      gate,
    })),
  ).flat();
}

function typesOf({ tensors }: Checkpoint, names: readonly string[]): string[] {
  return [...new Set(names.map((name) => tensors.get(name)?.storedAs ?? 'missing'))];
}

function toldDense(architecture: Architecture, names: readonly string[]): Architecture {
  if (names.length === 0) return architecture;
  const told = `Some matrices do not fit the form that the base is held in, and stay dense: ${listed(names, 3)}.`;
  return { ...architecture, notices: [...architecture.notices, told] };
}

function changed(
  tensors: Checkpoint['tensors'],
  change: (tensor: StoredTensor, name: string) => StoredTensor,
): Checkpoint['tensors'] {
  return new Map([...tensors].map(([name, tensor]) => [name, change(tensor, name)]));
}

/** The checkpoint with some of it changed. */
function over(
  checkpoint: Checkpoint,
  own: Partial<Pick<Checkpoint, 'architecture' | 'tensors' | 'read' | 'packed'>>,
): Checkpoint {
  const { path, format, files, architecture, config, tensors, ggufPairs } = checkpoint;
  return {
    ...{ path, format, files, architecture, config, tensors },
    read: (name) => checkpoint.read(name),
    readPlain: (name, target, begin) => checkpoint.readPlain(name, target, begin),
    packed: (name) => checkpoint.packed(name),
    ...(ggufPairs && { ggufPairs }),
    get tokenizer() {
      return checkpoint.tokenizer;
    },
    close: () => {
      checkpoint.close();
    },
    ...own,
  };
}
