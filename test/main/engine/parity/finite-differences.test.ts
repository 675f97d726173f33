/** Every gradient rule against central differences, element by element, computed in float64. */
import { beforeAll, describe, expect, test } from 'vitest';
import { gradients } from '../../../../src/main/engine/graph/gradients/gradients.ts';
import { present, type Tensor } from '../../../../src/main/engine/graph/node.ts';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session, type Feed } from '../../../../src/main/engine/graph/session.ts';
import { unit } from '../../../support/rounding.ts';
import { relativeDifference } from './difference.ts';
import { operationCase } from './operation-cases.ts';
import { operations } from './operations.ts';

/** Truncation gives h²/6 ≈ 10⁻¹¹ of the third derivative, rounding 10⁻¹⁶ / h ≈ 10⁻¹¹ of each value that goes into L. */
const h = 2 ** -17;
/** Both for derivatives and sums of up to a thousand; and both sides are rounded to float32 on their way out. */
const bound = 2 * unit.float32 + 1e-8;

/** Rounding to bfloat16 is a staircase, and what is held constant is not what differences see. */
const notSmooth = ['cast', 'stop-gradient'];
const names = Object.keys(operations).filter((name) => !notSmooth.includes(name));

type Outcome = { analytic: number[]; numeric: number[] };
const outcomes = new Map<string, Outcome>();

/** One program: for each case the gradient, and the change of L = Σ y · dy when one element of an input moves by ±h. */
beforeAll(() => {
  const program = new Program();
  const built = names.map((name) => ({ name, ...differences(program, name) }));
  const session = new Session(program);
  try {
    for (const { name, feeds, analytic, directions, numeric } of built) {
      const zero = directions.map(([tensor, zeros]): Feed => [tensor, zeros]);
      const exact = session.run([...feeds, ...zero], analytic).flatMap((values) => [...values]);
      const measured = directions.flatMap(([tensor, zeros], i) =>
        Array.from(zeros, (_, element) => {
          const moved: Feed = [tensor, zeros.with(element, 1)];
          const [value] = session.run([...feeds, ...zero.with(i, moved)], [numeric]);
          return value?.[0] ?? NaN;
        }),
      );
      outcomes.set(name, { analytic: exact, numeric: measured });
    }
  } finally {
    session.dispose();
  }
});

describe('rules give what central differences give', () => {
  test.each(names)('%s', (name) => {
    const { analytic, numeric } = outcomes.get(name) ?? { analytic: [], numeric: [NaN] };
    expect(relativeDifference(analytic, numeric)).toBeLessThan(bound);
  });
});

/** Values are fed and fetched in float32; all between is float64, the difference of two close numbers included. */
function differences(program: Program, name: string) {
  const { inputs, dy } = operationCase(name);
  const build = operations[name];
  if (!build) throw new Error(`there is no operation ${name}`);
  const feeds: Feed[] = [];
  const given = (shape: readonly number[], values: Float32Array): Tensor => {
    const tensor = program.placeholder(name, 'float32', shape);
    feeds.push([tensor, values]);
    return o.cast(tensor, 'float64');
  };
  const xs = inputs.map(({ shape, values }) => given(shape, values));
  const dL = given(dy.shape, dy.values);
  const directions = inputs.map(({ shape, values }) => {
    const tensor = program.placeholder(name, 'float32', shape);
    return [tensor, new Float32Array(values.length)] as const;
  });
  const lossAt = (sign: number): Tensor => {
    const moved = xs.map((x, i) => {
      const direction = o.cast(present(directions[i]?.[0]), 'float64');
      return o.add(x, o.mul(direction, sign * h));
    });
    const product = o.mul(build(moved), dL);
    return o.sum(
      product,
      product.shape.map((_, axis) => axis),
    );
  };
  const analytic = gradients([build(xs)], [dL], xs).map((gradient) =>
    o.cast(present(gradient ?? undefined), 'float32'),
  );
  const change = o.mul(o.sub(lossAt(1), lossAt(-1)), 1 / (2 * h));
  return { feeds, directions, analytic, numeric: o.cast(change, 'float32') };
}
