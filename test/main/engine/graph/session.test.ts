/** What a session holds of what it is fed, what it computes, and what is left of it. */
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../src/main/engine/graph/session.ts';
import { loadBinding } from '../../../../src/main/engine/runtime/binding.ts';
import { problemOf } from '../checkpoint/fixtures.ts';

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

/** Long rows go another way where all are equally wide; the first may be so by chance, as wide as the others are on average. */
test.each([[[256, 256, 256]], [[512, 256, 768]], [[512, 512, 256, 768]], [[256, 768, 512]]])(
  'rows of %j next to one another are what they were',
  (widths) => {
    const program = new Program();
    const parts = widths.map((width, i) => program.placeholder(`x${i}`, 'float32', [2, width]));
    const joined = o.concat(parts, -1);
    const session = new Session(program);
    const rows = [0, 1].map((row) =>
      widths.map((width, i) =>
        Float32Array.from({ length: width }, (_, at) => row + 2 * i + at / 1024),
      ),
    );
    const valuesOf = (i: number) => Float32Array.from(rows.flatMap((row) => [...(row[i] ?? [])]));
    const [values] = session.run(
      parts.map((part, i) => [part, valuesOf(i)]),
      [joined],
    );
    expect(values).toEqual(Float32Array.from(rows.flat().flatMap((row) => [...row])));
    session.dispose();
  },
);

/** One variable [2], to which `added` is added. */
function sumProgram(added: number) {
  const program = new Program();
  const variable = program.variable('v', 'float32', [2]);
  const group = program.group([variable]);
  return { program, group, sum: o.add(variable.value, added) };
}

/** Sets the variable where values are given, and tells the sum. */
function sumOf(session: Session, { group, sum }: ReturnType<typeof sumProgram>, values?: number[]) {
  if (values) session.set(group, () => Float32Array.from(values));
  return [...(session.run([], [sum])[0] ?? [])];
}

test('a program that is needed again is there already, without what its variables held', async () => {
  const kept = () => loadBinding().getNumOfSavedModels();
  const once = sumProgram(1);
  const first = new Session(once.program);
  expect(sumOf(first, once, [1, 2])).toEqual([2, 3]);
  first.dispose();
  const before = kept();

  const again = sumProgram(1);
  const second = new Session(again.program);
  expect(kept()).toBe(before);
  const problem = await problemOf(() => sumOf(second, again));
  expect(problem).toMatchObject({ code: 'engine/failed' });
  expect(sumOf(second, again, [3, 4])).toEqual([4, 5]);
  // What failed once is not used again.
  second.dispose();
  expect(kept()).toBe(before - 1);
});

test('the same program twice at a time has two sets of variables', () => {
  // One that is kept is for one of them.
  new Session(sumProgram(2).program).dispose();
  const both = [sumProgram(2), sumProgram(2)].map((each) => ({
    ...{ each, session: new Session(each.program) },
  }));
  for (const [i, { each, session }] of both.entries()) sumOf(session, each, [i, i]);
  expect(both.map(({ each, session }) => sumOf(session, each))).toEqual([
    [2, 2],
    [3, 3],
  ]);
  for (const { session } of both) session.dispose();
});

test('few are kept, and another program is another', () => {
  const use = (added: number) => {
    const made = sumProgram(added);
    const session = new Session(made.program);
    expect(sumOf(session, made, [1, 1])).toEqual([1 + added, 1 + added]);
    session.dispose();
  };
  for (let added = 0; added < 9; added++) use(added);
  const full = loadBinding().getNumOfSavedModels();
  for (let added = 9; added < 19; added++) use(added);
  expect(loadBinding().getNumOfSavedModels()).toBe(full);
});

test('a tensor that no machine has room for is refused at once', async () => {
  const program = new Program();
  const x = program.placeholder('x', 'float32', [1]);
  // 2 to the 52 bytes, more than a process can address.
  const sum = o.sum(o.broadcastTo(x, [2 ** 25, 2 ** 25]), [0, 1]);
  const session = new Session(program);
  const begun = performance.now();
  const problem = await problemOf(() => session.run([[x, new Float32Array(1)]], [sum]));
  expect(problem).toMatchObject({ code: 'engine/out-of-memory' });
  // TensorFlow by itself tries for 10 s.
  expect(performance.now() - begun).toBeLessThan(5000);
  session.dispose();
});
