/** Calls that a backward pass computes again, joined with the calls that compute their gradients. */
import { expect, test } from 'vitest';
import {
  call,
  calledFunction,
  defineFunction,
  type GraphFunction,
} from '../../../../../src/main/engine/graph/function.ts';
import { differentiate } from '../../../../../src/main/engine/graph/gradients/differentiate.ts';
import { present, type Tensor } from '../../../../../src/main/engine/graph/node.ts';
import * as o from '../../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../../src/main/engine/graph/session.ts';
import { gamma } from '../../../../support/rounding.ts';

const matrix = { dtype: 'float32', shape: [4, 4] } as const;
const twice = [matrix, matrix];

function island(name: string, body: (x: Tensor) => Tensor): GraphFunction {
  return defineFunction(name, [matrix], ([x]) => [body(present(x))], { compiled: true });
}

/** Its gradient needs what is inside it. */
const swish = island('swish', (x) => o.mul(x, o.sigmoid(x)));
/** Its gradient needs only its result. */
const exponential = island('exponential', (x) => o.exp(x));

/** x, w → g(x)·w, whose gradient with respect to w needs g(x), and with respect to x the gradient of g. */
function productWith(g: (x: Tensor) => Tensor): GraphFunction {
  return defineFunction('product', twice, ([x, w]) => [o.matmul(g(present(x)), present(w))], {
    compiled: false,
  });
}

const once = (fn: GraphFunction) => (x: Tensor) => present(call(fn, [x])[0]);
const cases = [
  {
    name: 'a call that nothing before its gradient needs is joined with it',
    fn: productWith(once(swish)),
    calls: ['swish_backward'],
  },
  {
    name: 'a gradient that reads the result takes what was computed again',
    fn: productWith(once(exponential)),
    calls: ['exponential', 'exponential_backward'],
  },
  {
    name: 'a call that its own gradient waits for stays apart',
    fn: productWith((x) => once(swish)(once(swish)(x))),
    calls: ['swish', 'swish_backward', 'swish_backward'],
  },
];

test.each(cases)('$name', ({ fn, calls }) => {
  const { backward } = pairOf(fn, 'nothing');
  const called = backward.fn.scope.nodes.flatMap((node) => calledFunction(node)?.name ?? []);
  expect(called).toEqual(calls);
});

test.each(cases)('the gradients stay the same: $name', ({ fn }) => {
  const [all = [], nothing = []] = gradientsOf(fn, ['everything', 'nothing']);
  expect(nothing.length).toBe(32);
  nothing.forEach((value, i) => {
    // The same formulas, whether a value is kept or computed again: at most two products of 4 terms and their swish, of sizes of 1.
    expect(Math.abs(value - (all[i] ?? NaN))).toBeLessThan(4 * gamma(2 * 4 + 20));
  });
});

type Kept = 'everything' | 'nothing';

function pairOf(fn: GraphFunction, kept: Kept) {
  return differentiate(fn, { wrt: [true, true], keep: () => kept === 'everything' });
}

/** dL/dx and dL/dw one after the other, for each of what is kept. */
function gradientsOf(fn: GraphFunction, policies: readonly Kept[]): number[][] {
  const program = new Program();
  const [x, w, dy] = ['x', 'w', 'dy'].map((name) => program.placeholder(name, 'float32', [4, 4]));
  const args = [x, w].map(present);
  const fetched = policies.flatMap((keep) => {
    const { forward, backward } = pairOf(fn, keep);
    const kept = call(forward.fn, args).slice(forward.results);
    const sources = { argument: args, kept, result: [], dy: [present(dy)] };
    const results = call(
      backward.fn,
      backward.inputs.map(({ kind, index }) => present(sources[kind][index])),
    );
    return backward.results.map((at) => present(results[at ?? -1]));
  });
  const session = new Session(program);
  try {
    const values = (seed: number) =>
      Float32Array.from({ length: 16 }, (_, i) => Math.sin(seed + i));
    const feeds = [x, w, dy].map((tensor, i) => [present(tensor), values(i)] as const);
    const found = session.run(feeds, fetched).map((each) => [...each]);
    return policies.map((_, i) => found.slice(2 * i, 2 * i + 2).flat());
  } finally {
    session.dispose();
  }
}
