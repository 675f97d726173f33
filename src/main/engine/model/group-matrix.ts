/** The base matrix of a group of linear layers as variables: dense, or with runs of its modules packed, each run in one way. */
import type { DType } from '../graph/dtype.ts';
import type { Tensor } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { joinedBytes, joinedFloats } from '../numbers/joined.ts';
import {
  partShapes,
  samePacking,
  type PackedMatrix,
  type Packing,
  type PartShape,
} from '../packed/packing.ts';
import type { TensorData } from '../runtime/tensor-data.ts';
import type { LinearLayer } from './architecture.ts';
import { floatMatrix, packedMatrix, type BaseMatrix, type HeldRows } from './base-matrix.ts';
import type { LinearGroup } from './linear-groups.ts';

/** Where weights come from: by Hugging Face name, row-major. */
export type WeightSource = {
  read(name: string): Float32Array;
  packed(name: string): PackedMatrix;
};

/** How the matrix with this name is held; null where it is dense, in the type to compute in. */
export type PackingOf = (name: string) => Packing | null;

/** Reads the numbers that a variable is filled with: the values of floats, the bytes of others. */
export type Fill = (source: WeightSource) => TensorData;

/** Makes a variable that is filled so, and gives its value. */
export type AddVariable = (name: string, dtype: DType, shape: Shape, fill: Fill) => Tensor;

/** Modules below each other in their group, and what all of them are packed as. */
type Run = { modules: LinearLayer[]; packing: Packing | null };

/** @param prefix path of the layer */
export function groupMatrix(
  group: LinearGroup,
  prefix: string,
  dtype: DType,
  packingOf: PackingOf,
  add: AddVariable,
): BaseMatrix {
  const nameOf = ({ path }: LinearLayer) => `${prefix}.${path}.weight`;
  const runs = runsOf(group.modules, (module) => {
    const packing = packingOf(nameOf(module));
    // 16-bit numbers are worth keeping where those that are computed with are wider.
    return packing?.kind === 'float' && dtype !== 'float32' ? null : packing;
  });
  const held = runs.map(({ modules, packing }, at): HeldRows => {
    const name = `${prefix}.${group.name}${at === 0 ? '' : `.${at}`}`;
    const rows = modules.reduce((sum, { out }) => sum + out, 0);
    const names = modules.map(nameOf);
    const tensors = packing
      ? packedParts(name, packing, rows * group.in, names, add)
      : [
          add(name, dtype, [rows, group.in], (source) =>
            joinedFloats(names.map((each) => source.read(each))),
          ),
        ];
    return { rows, packing, tensors };
  });
  const [only] = held;
  const [weight] = only?.packing === null && held.length === 1 ? only.tensors : [];
  return weight ? floatMatrix(weight) : packedMatrix(held, group.in, dtype);
}

function runsOf(
  modules: readonly LinearLayer[],
  packingOf: (module: LinearLayer) => Packing | null,
): Run[] {
  const runs: Run[] = [];
  for (const module of modules) {
    const packing = packingOf(module);
    const last = runs.at(-1);
    if (last && samePacking(last.packing, packing)) last.modules.push(module);
    else runs.push({ modules: [module], packing });
  }
  return runs;
}

/** A variable for each part; the matrices are read once for all of them. */
function packedParts(
  name: string,
  packing: Packing,
  values: number,
  matrices: readonly string[],
  add: AddVariable,
): Tensor[] {
  const shapes = partShapes(packing, values);
  let read: readonly PackedMatrix[] = [];
  return shapes.map(({ name: part, type, shape }, i) =>
    add(`${name}.${part.replace(' ', '_')}`, type, shape, (source) => {
      if (i === 0) read = matrices.map((each) => source.packed(each));
      const bytes = joinedBytes(read.map(({ parts }) => parts[i] ?? new Uint8Array()));
      if (i === shapes.length - 1) read = [];
      return fedAs(type, bytes);
    }),
  );
}

function fedAs(type: PartShape['type'], bytes: Uint8Array): TensorData {
  if (type !== 'float32') return bytes;
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(buffer, byteOffset, length / 4);
}
