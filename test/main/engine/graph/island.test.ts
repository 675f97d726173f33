/** Where an island becomes a compiled function of its own. */
import { expect, test } from 'vitest';
import {
  call,
  calledFunction,
  defineFunction,
} from '../../../../src/main/engine/graph/function.ts';
import { island, type Fusion } from '../../../../src/main/engine/graph/island.ts';
import { present, type Tensor } from '../../../../src/main/engine/graph/node.ts';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';

const double = (fusion: Fusion, x: Tensor) =>
  present(island(fusion, 'double', [x], ([y]) => [o.mul(present(y), 2)])[0]);
const compiled = (tensor: Tensor) => calledFunction(tensor.node)?.compiled ?? null;

test.each([
  { fusion: 'none', outside: null, inside: null },
  { fusion: 'islands', outside: true, inside: true },
  { fusion: 'layers', outside: true, inside: null },
] as const)('fusion $fusion', ({ fusion, outside, inside }) => {
  const x = new Program().placeholder('x', 'float32', [2]);
  expect(compiled(double(fusion, x))).toBe(outside);
  const options = { compiled: fusion === 'layers' };
  const layer = defineFunction('layer', [x], ([y]) => [double(fusion, present(y))], options);
  expect(compiled(present(layer.results[0]))).toBe(inside);
  expect(compiled(present(call(layer, [x])[0]))).toBe(fusion === 'layers');
});
