/** What is fed to TensorFlow stays JavaScript's: its threads may not be the ones to give it back. */
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../src/main/engine/graph/session.ts';

test('variables hold copies of what they are set to, wherever it lies in memory', async () => {
  const program = new Program();
  const variables = Array.from({ length: 64 }, (_, i) =>
    program.variable(`v${i}`, 'float32', [99]),
  );
  const group = program.group(variables);
  const session = new Session(program);
  const given: WeakRef<Float32Array>[] = [];
  session.set(group, () => {
    const values = new Float32Array(99).fill(given.length);
    given.push(new WeakRef(values));
    return values;
  });

  await setTimeout(1);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  expect(given.filter((values) => values.deref())).toEqual([]);
  const held = session.run(
    [],
    variables.map(({ value }) => value),
  );
  expect(held.map((values) => values[98])).toEqual([...variables.keys()]);
  session.dispose();
});

test('a graph is computed as it is written', () => {
  const program = new Program();
  const x = program.placeholder('x', 'float32', [2]);
  // The graph optimiser would multiply the constants with each other first: 1e30, and not past the largest float32.
  const product = o.mul(o.mul(x, 1e30), 1e-30);
  const session = new Session(program);
  const [values] = session.run([[x, new Float32Array([1, 1e30])]], [product]);
  expect(values?.[1]).toBe(Infinity);
  session.dispose();
});
