/** Packed matrices in a graph: what XLA computes of the codes are the values of `unpack`, bit for bit. */
import { expect, test } from 'vitest';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../src/main/engine/graph/session.ts';
import { createRandom } from '../../../../src/main/engine/random.ts';
import type { DType } from '../../../../src/main/engine/graph/dtype.ts';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { packedMatrix } from '../../../../src/main/engine/model/base-matrix.ts';
import {
  bfloat16ToFloat32,
  float32ToBfloat16,
} from '../../../../src/main/engine/numbers/float-formats.ts';
import { fromGgml } from '../../../../src/main/engine/packed/from-ggml.ts';
import {
  partShapes,
  type CodePacking,
  type PackedMatrix,
} from '../../../../src/main/engine/packed/packing.ts';
import { unpack, valuesIn } from '../../../../src/main/engine/packed/unpack.ts';
import { ggmlBlocksOf, ggmlTypes } from '../packed/ggml-blocks.ts';

const columns = 64;

const tables: [string, CodePacking][] = (['nf4', 'fp4'] as const).flatMap((codes) =>
  [32, 64, 128].map((group): [string, CodePacking] => [
    `${codes} in blocks of ${group}`,
    { kind: 'codes', codes, group, zero: 0, scales: 'float32', minima: 'none' },
  ]),
);
const inRows: [string, CodePacking] = [
  'int8 with a scale a row',
  { kind: 'codes', codes: 'bytes', group: columns, zero: 0, scales: 'float32', minima: 'none' },
];

test.each([
  ...ggmlTypes.map((type) => [type, fromGgml(type, ggmlBlocksOf(type).bytes)] as const),
  ...[...tables, inRows].map(([name, packing]) => [name, randomMatrix(packing)] as const),
])('%s', (_, matrix) => {
  const values = unpack(matrix);
  expect(bits(computed(matrix, 'float32'))).toEqual(bits(values));
  const rounded = new Uint16Array(values.length);
  float32ToBfloat16(values, rounded);
  const again = new Float32Array(values.length);
  bfloat16ToFloat32(rounded, again);
  expect(bits(computed(matrix, 'bfloat16'))).toEqual(bits(again));
});

function computed(matrix: PackedMatrix, dtype: DType): Float32Array {
  const program = new Program();
  const values = valuesIn(matrix);
  const shapes = partShapes(matrix.packing, values);
  const variables = shapes.map(({ name, type, shape }) => program.variable(name, type, shape));
  const rows = values / columns;
  const tensors = variables.map(({ value }) => value);
  const dense = packedMatrix([{ rows, packing: matrix.packing, tensors }], columns, dtype).dense();
  const fetched = o.cast(dense, 'float32');
  const group = program.group(variables);
  const session = new Session(program);
  try {
    const bytesOf = new Map(variables.map((variable, i) => [variable, matrix.parts[i]]));
    session.set(group, (variable) => {
      const bytes = bytesOf.get(variable)?.slice() ?? new Uint8Array();
      return variable.dtype === 'float32' ? new Float32Array(bytes.buffer) : bytes;
    });
    const [found] = session.run([], [fetched]);
    if (!(found instanceof Float32Array)) throw new TypeError('expected float32 values');
    return found;
  } finally {
    session.dispose();
  }
}

/** Codes and scales of any kind, whose values are all different. */
function randomMatrix(packing: CodePacking): PackedMatrix {
  const random = createRandom(7);
  const parts = partShapes(packing, 64 * columns).map(({ type, shape }) => {
    const count = shape[0] * shape[1];
    return type === 'float32'
      ? new Uint8Array(Float32Array.from({ length: count }, () => random.normal()).buffer)
      : Uint8Array.from({ length: count }, () => random.uint32() & 255);
  });
  return { packing, parts };
}

function bits(numbers: Float32Array): Uint32Array {
  return new Uint32Array(numbers.slice().buffer);
}
