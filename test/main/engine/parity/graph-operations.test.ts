/** Every differentiable operation of the graph against PyTorch: its result and its gradients. */
import { beforeAll, describe, expect, test } from 'vitest';
import { gradients } from '../../../../src/main/engine/graph/gradients/gradients.ts';
import { gradientRules } from '../../../../src/main/engine/graph/gradients/rules.ts';
import type { Tensor } from '../../../../src/main/engine/graph/node.ts';
import { identity } from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../src/main/engine/graph/session.ts';
import { ofOperation } from './bounds.ts';
import { relativeDifference } from './difference.ts';
import { operationCase, operationCases, type Numbers } from './operation-cases.ts';
import { operations } from './operations.ts';

type Outcome = { y: Float32Array; shape: readonly number[]; gradients: Float32Array[] };
const outcomes = new Map<string, Outcome>();
const differentiated = new Set<string>();

/** All cases are one program, so that TensorFlow starts one session. */
beforeAll(() => {
  const program = new Program();
  const built = Object.entries(operations).map(([name, build]) => {
    const expected = operationCase(name);
    const feed = ({ shape, values }: Numbers) =>
      [program.placeholder(name, 'float32', shape), values] as const;
    const inputs = expected.inputs.map(feed);
    const dy = feed(expected.dy);
    const tensors = inputs.map(([tensor]) => tensor);
    const first = program.scope.nodes.length;
    const y = build(tensors);
    for (const { op } of program.scope.nodes.slice(first)) differentiated.add(op);
    const dxs = gradients([y], [dy[0]], tensors).map((dx) => output(name, dx));
    return { name, feeds: [...inputs, dy], y, dxs };
  });
  const session = new Session(program);
  try {
    for (const { name, feeds, y, dxs } of built) {
      const [found, ...rest] = session.run(feeds, [y, ...dxs]).map(floats);
      if (found) outcomes.set(name, { y: found, shape: y.shape, gradients: rest });
    }
  } finally {
    session.dispose();
  }
});

describe.each(Object.keys(operationCases))('%s', (name) => {
  test('has the result of PyTorch', () => {
    const { found, expected } = pair(name);
    expect(found.shape).toEqual(expected.y.shape);
    expect(relativeDifference(found.y, expected.y.values)).toBeLessThan(boundOf(expected));
  });

  test('has the gradients of PyTorch', () => {
    const { found, expected } = pair(name);
    expect(found.gradients).toHaveLength(expected.gradients.length);
    found.gradients.forEach((gradient, i) => {
      const values = expected.gradients[i]?.values ?? [];
      expect(relativeDifference(gradient, values)).toBeLessThan(boundOf(expected));
    });
  });
});

test('every operation with a gradient rule is compared', () => {
  // These only say that nothing flows back through them.
  const constant = ['OneHot', 'StatelessRandomUniform', 'TopKV2', 'ZerosLike'];
  const missing = Object.keys(gradientRules).filter((op) => !differentiated.has(op));
  expect(missing.filter((op) => !constant.includes(op))).toEqual([]);
});

/** Forward and back again, everything that is fed may go into one number. */
function boundOf({ inputs, dy }: ReturnType<typeof operationCase>): number {
  const elements = [...inputs, dy].reduce((sum, { values }) => sum + values.length, 0);
  return ofOperation(2 * elements);
}

function pair(name: string) {
  const found = outcomes.get(name);
  if (!found) throw new Error(`${name} was not computed`);
  return { found, expected: operationCase(name) };
}

/** A gradient may be dy itself, and TensorFlow fetches nothing that is fed. */
function output(name: string, gradient: Tensor | null): Tensor {
  if (!gradient) throw new Error(`${name} gives no gradient`);
  return identity(gradient);
}

function floats(values: unknown): Float32Array {
  if (!(values instanceof Float32Array)) throw new Error('the session gave something else');
  return values;
}
