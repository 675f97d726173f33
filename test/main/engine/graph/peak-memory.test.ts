/** How many bytes a graph holds at its peak, counted by hand for small graphs. */
import { expect, test } from 'vitest';
import { call, defineFunction } from '../../../../src/main/engine/graph/function.ts';
import { peakBytes } from '../../../../src/main/engine/graph/peak-memory.ts';
import { present, type Tensor } from '../../../../src/main/engine/graph/node.ts';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';

/** Bytes of a float32 matrix [64, 64]. */
const unit = 64 * 64 * 4;

function start(): { program: Program; x: Tensor } {
  const program = new Program();
  return { program, x: program.placeholder('x', 'float32', [64, 64]) };
}

test('a tensor is freed after its last use, and what is fed is not counted', () => {
  const { x } = start();
  const chain = o.matmul(o.matmul(o.matmul(x, x), x), x);
  expect(peakBytes([chain])).toBe(2 * unit);
});

test('what is needed later is held until then', () => {
  const { x } = start();
  const kept = o.matmul(x, x);
  const later = o.matmul(o.matmul(kept, x), x);
  expect(peakBytes([o.matmul(later, kept)])).toBe(3 * unit);
});

test('what no result needs is not computed', () => {
  const { x } = start();
  o.matmul(x, x);
  expect(peakBytes([o.matmul(x, x)])).toBe(unit);
});

test('a reshaped tensor is the same memory', () => {
  const { x } = start();
  const flat = o.reshape(o.matmul(x, x), [64 * 64]);
  expect(peakBytes([o.identity(flat)])).toBe(unit);
});

test('element-wise results take the place of an input that nobody needs any more', () => {
  const { x } = start();
  const product = o.matmul(x, x);
  expect(peakBytes([o.exp(product)])).toBe(unit);
  expect(peakBytes([o.exp(product), product])).toBe(2 * unit);
  // A variable and what is fed stay as they are.
  expect(peakBytes([o.exp(x)])).toBe(unit);
});

test('a variable is no cost of the run; what it is set to is', () => {
  const { program, x } = start();
  const variable = program.variable('v', 'float32', [64, 64]);
  const sum = o.add(variable.value, o.matmul(x, x));
  const small = o.sum(sum, [0, 1]);
  const after = (first: Tensor) => o.matmul(o.mul(x, first), x);
  expect(peakBytes([after(small)])).toBe(2 * unit);
  const assigned = program.afterAll(small, [program.assign(variable.handle, sum)]);
  expect(peakBytes([after(assigned)])).toBe(3 * unit);
});

test('a call holds what its nodes hold; a compiled one about its results again, where it needs two passes', () => {
  const { x } = start();
  const product = (compiled: boolean, body: (a: Tensor) => Tensor) =>
    call(
      defineFunction('f', [x], ([a]) => [body(present(a))], { compiled }),
      [x],
    );
  const twice = (a: Tensor) => o.matmul(o.matmul(a, a), a);
  expect(peakBytes(product(false, twice))).toBe(2 * unit);
  expect(peakBytes(product(true, twice))).toBe(2 * unit);
  expect(peakBytes(product(true, (a) => o.exp(o.sin(a))))).toBe(unit);
  expect(peakBytes(product(true, o.softmax))).toBe(2 * unit);
});
