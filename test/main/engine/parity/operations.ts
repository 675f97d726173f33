/** The operations of test/oracle/graph_operations.py, written with the graph builder. */
import { z } from 'zod';
import { call, defineFunction } from '../../../../src/main/engine/graph/function.ts';
import type { Tensor } from '../../../../src/main/engine/graph/node.ts';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { activations } from '../../../../src/main/engine/model/activations.ts';
import { layerNormBody } from '../../../../src/main/engine/model/norms.ts';
import { readFixture } from './fixtures.ts';

type Build = (inputs: readonly Tensor[]) => Tensor;

const indices = readFixture(
  'expected/graph-operations/indices.json',
  z.object({
    rows: z.array(z.array(z.int())),
    targets: z.array(z.int()),
    condition: z.array(z.array(z.int())),
  }),
);

const unary =
  (f: (x: Tensor) => Tensor): Build =>
  ([x]) =>
    f(given(x));
const binary =
  (f: (a: Tensor, b: Tensor) => Tensor): Build =>
  ([a, b]) =>
    f(given(a), given(b));

function given(tensor: Tensor | undefined): Tensor {
  if (!tensor) throw new Error('the fixture gives too few inputs');
  return tensor;
}

function matrix(like: Tensor, values: number[][]): Tensor {
  return o.ints(like.node.scope, values.flat(), [values.length, values[0]?.length ?? 0]);
}

/** q, k, v [B, T, d]: softmax(q·kᵀ / 2) with the future hidden, times v. */
function attention(q: Tensor, k: Tensor, v: Tensor): Tensor {
  const scores = o.mul(o.matmul(q, k, { transposeB: true }), 0.5); // [B, T, T]
  const t = scores.shape[1] ?? 0;
  const at = Array.from({ length: t }, (_, i) => i);
  const row = o.ints(q.node.scope, at, [t, 1]);
  const column = o.ints(q.node.scope, at, [1, t]);
  const seen = o.greaterEqual(row, column);
  const hidden = o.scalarLike(q, -1e9);
  return o.matmul(o.softmax(o.where(seen, scores, hidden)), v);
}

/** Σ of -log softmax(x)[label] over rows, with labels 2, 0, 4. */
function crossEntropy(x: Tensor): Tensor {
  const shifted = o.sub(x, o.stopGradient(o.max(x, [-1], { keep: true })));
  const logSum = o.log(o.sum(o.exp(shifted), [-1]));
  const label = o.cast(o.oneHot(o.ints(x.node.scope, [2, 0, 4]), 5), x.dtype);
  return o.sum(o.sub(logSum, o.sum(o.mul(shifted, label), [-1])), [0]);
}

/** sin(a) · b as a function of its own. */
function called(a: Tensor, b: Tensor): Tensor {
  const body = ([x, y]: readonly Tensor[]) => [o.mul(o.sin(given(x)), given(y))];
  return given(call(defineFunction('called', [a, b], body, { compiled: false }), [a, b])[0]);
}

function product(transposeA: boolean, transposeB: boolean): Build {
  return binary((a, b) => o.matmul(a, b, { transposeA, transposeB }));
}

export const operations: Readonly<Record<string, Build>> = {
  add: binary(o.add),
  'add-both-broadcast': binary(o.add),
  sub: binary(o.sub),
  'sub-from-number': unary((x) => o.sub(1, x)),
  mul: binary(o.mul),
  'mul-itself': unary((x) => o.mul(x, x)),
  div: binary(o.div),
  maximum: binary(o.maximum),
  minimum: binary(o.minimum),
  neg: unary(o.neg),
  exp: unary(o.exp),
  log: unary(o.log),
  sqrt: unary(o.sqrt),
  rsqrt: unary(o.rsqrt),
  sigmoid: unary(o.sigmoid),
  tanh: unary(o.tanh),
  cos: unary(o.cos),
  sin: unary(o.sin),
  silu: unary(o.silu),
  softmax: unary(o.softmax),
  where: binary((yes, no) => o.where(o.equal(matrix(yes, indices.condition), 1), yes, no)),
  sum: unary((x) => o.sum(x, [1])),
  'sum-keep': unary((x) => o.sum(x, [0, 2], { keep: true })),
  mean: unary((x) => o.mean(x, [-1])),
  'half-squared-norm': unary(o.halfSquaredNorm),
  reshape: unary((x) => o.reshape(x, [2, 6])),
  transpose: unary((x) => o.transpose(x, [2, 0, 1])),
  'broadcast-to': unary((x) => o.broadcastTo(x, [2, 3, 4])),
  concat: binary((a, b) => o.concat([a, b], 1)),
  split: unary((x) => {
    const [first, , third] = o.split(x, [3, 2, 3], -1);
    return o.mul(given(first), given(third));
  }),
  slice: unary((x) => o.slice(x, [1, 2], [2, 2])),
  gather: unary((table) => o.gather(table, matrix(table, indices.rows))),
  'scatter-add': unary((x) => o.scatterAdd(x, o.ints(x.node.scope, indices.targets), 4)),
  'matmul-nn': product(false, false),
  'matmul-nt': product(false, true),
  'matmul-tn': product(true, false),
  'matmul-tt': product(true, true),
  'batch-matmul-nn': product(false, false),
  'batch-matmul-nt': product(false, true),
  'batch-matmul-tn': product(true, false),
  'batch-matmul-tt': product(true, true),
  'rms-norm': binary((x, weight) => {
    const scale = o.rsqrt(o.add(o.mean(o.mul(x, x), [-1], { keep: true }), 1e-5));
    return o.mul(o.mul(x, scale), weight);
  }),
  attention: ([q, k, v]) => attention(given(q), given(k), given(v)),
  'cross-entropy': unary(crossEntropy),
  pad: unary((x) => o.pad(x, [1, 2], [0, 1])),
  identity: unary(o.identity),
  cast: unary((x) => o.cast(o.cast(x, 'bfloat16'), x.dtype)),
  'stop-gradient': unary((x) => o.mul(x, o.stopGradient(x))),
  call: binary(called),
  erf: unary(o.erf),
  gelu: unary(activations.gelu),
  'gelu-tanh': unary(activations['gelu tanh']),
  'layer-norm': ([x, weight, bias]) =>
    layerNormBody(given(x), { weight: given(weight), bias: given(bias), eps: 1e-12 }),
};
