/** The parts of a step, from lines and nodes with known times. */
import { expect, test } from 'vitest';
import { accountFor, productKind } from '../../../bench/profile/account.ts';
import { kernelsOf, type Executed } from '../../../bench/profile/step-stats.ts';

const dimensions = { vocabulary: 49152, ranks: new Set([8, 16, 24]) };
const millisecond = 1e6;

/** Nodes one after another or inside each other, in milliseconds. */
function node(name: string, op: string, start: number, end: number): Executed {
  return { name, op, start: start * millisecond, end: end * millisecond };
}

test('products are told apart by their sides', () => {
  const kind = (m: number, k: number, n: number, batch = 1) =>
    productKind({ batch, m, k, n }, dimensions);
  expect(kind(1024, 576, 960)).toBe('layers');
  expect(kind(1024, 576, 24)).toBe('low rank');
  expect(kind(3072, 1024, 16)).toBe('low rank');
  expect(kind(1024, 1, 16)).toBe('low rank');
  expect(kind(256, 576, 49152)).toBe('vocabulary');
  expect(kind(384, 64, 128, 12)).toBe('attention');
});

test('a layer counts by its nodes, a call with nothing inside is an island', () => {
  const nodes = [
    node('layer_3', 'StatefulPartitionedCall', 0, 10),
    node('MatMul_4', '_MklMatMul', 1, 4),
    node('rms_norm_45', 'StatefulPartitionedCall', 5, 7),
    node('Slice_8', 'Slice', 7, 8),
    node('rms_norm_9', 'StatefulPartitionedCall', 10, 11),
  ];
  expect(kernelsOf(nodes).map(({ kind, name }) => [kind, name])).toEqual([
    ['product', 'MatMul'],
    ['island', 'rms_norm'],
    ['node', 'Slice'],
    ['island', 'rms_norm'],
  ]);
});

test('the parts add up to the step, with what nobody measured as differences', () => {
  const nodes = [
    node('layer_3', 'StatefulPartitionedCall', 0, 10),
    node('MatMul_4', '_MklMatMul', 1, 4),
    // In Eigen: oneDNN says nothing of it.
    node('MatMul_5', 'MatMul', 4, 5),
    node('rms_norm_6', 'StatefulPartitionedCall', 5, 7),
    node('Slice_8', 'Slice', 7, 8),
  ];
  const product = { batch: 1, m: 1024, k: 576, n: 8 };
  const onednn = [
    { primitive: 'matmul', product, seconds: 0.002 },
    { primitive: 'reorder', product: null, seconds: 0.0005 },
  ];
  const { parts, executed } = accountFor({ onednn, sessions: [nodes], seconds: 0.012 }, dimensions);
  const found = Object.fromEntries(parts.map(({ name, seconds }) => [name, seconds]));
  expect(found['low-rank products']).toBeCloseTo(0.002, 9);
  expect(found['products outside of oneDNN']).toBeCloseTo(0.002, 9);
  expect(found['islands']).toBeCloseTo(0.002, 9);
  expect(found['other nodes']).toBeCloseTo(0.001, 9);
  expect(found['between nodes']).toBeCloseTo(0.003, 9);
  expect(found['outside of TensorFlow']).toBeCloseTo(0.002, 9);
  expect(parts.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(0.012, 9);
  expect(parts.find(({ name }) => name === 'products outside of oneDNN')?.calls).toBe(1);
  expect(executed).toBe(5);
});
