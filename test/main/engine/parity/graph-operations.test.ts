/** Every differentiable operation of the graph against PyTorch: its result and its gradients. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gradients } from '../../../../src/main/engine/graph/gradients/gradients.ts';
import { gradientRules } from '../../../../src/main/engine/graph/gradients/rules.ts';
import type { Tensor } from '../../../../src/main/engine/graph/node.ts';
import { identity } from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../src/main/engine/graph/session.ts';
import { relativeDifference } from './difference.ts';
import { readFixture } from './fixtures.ts';
import { operations } from './operations.ts';

const numbers = z.object({ shape: z.array(z.int()), values: z.array(z.number()) });
const cases = readFixture(
  'expected/graph-operations/cases.json',
  z.record(
    z.string(),
    z.object({
      inputs: z.array(numbers),
      y: numbers,
      dy: numbers,
      gradients: z.array(numbers),
    }),
  ),
);

type Outcome = { y: Float32Array; shape: readonly number[]; gradients: Float32Array[] };
const outcomes = new Map<string, Outcome>();
const usedOperations = new Set<string>();

/** All cases are one program, so that TensorFlow starts one session. */
beforeAll(() => {
  const program = new Program();
  const built = Object.entries(operations).map(([name, build]) => {
    const expected = cases[name];
    if (!expected) throw new Error(`the fixture has no ${name}`);
    const feed = ({ shape, values }: z.output<typeof numbers>) => {
      const tensor = program.placeholder(name, 'float32', shape);
      return [tensor, Float32Array.from(values)] as const;
    };
    const inputs = expected.inputs.map(feed);
    const dy = feed(expected.dy);
    const tensors = inputs.map(([tensor]) => tensor);
    const y = build(tensors);
    const dxs = gradients([y], [dy[0]], tensors).map((dx) => output(name, dx));
    return { name, feeds: [...inputs, dy], y, dxs };
  });
  for (const node of program.scope.nodes) usedOperations.add(node.op);
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

afterAll(() => {
  outcomes.clear();
});

describe.each(Object.keys(cases))('%s', (name) => {
  test('has the result of PyTorch', () => {
    const { found, expected } = pair(name);
    expect(found.shape).toEqual(expected.y.shape);
    expect(relativeDifference(found.y, expected.y.values)).toBeLessThan(2e-6);
  });

  test('has the gradients of PyTorch', () => {
    const { found, expected } = pair(name);
    expect(found.gradients).toHaveLength(expected.gradients.length);
    found.gradients.forEach((gradient, i) => {
      expect(relativeDifference(gradient, expected.gradients[i]?.values ?? [])).toBeLessThan(2e-6);
    });
  });
});

test('every operation with a gradient rule is compared', () => {
  // Cast and StopGradient have their own tests: PyTorch has nothing to say about them.
  const elsewhere = ['Cast', 'StopGradient', 'OneHot', 'StatelessRandomUniform', 'ZerosLike'];
  const missing = Object.keys(gradientRules).filter((op) => !usedOperations.has(op));
  expect(missing.filter((op) => !elsewhere.includes(op))).toEqual([]);
});

function pair(name: string) {
  const found = outcomes.get(name);
  const expected = cases[name];
  if (!found || !expected) throw new Error(`${name} was not computed`);
  return { found, expected };
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
