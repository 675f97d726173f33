/** Tensors by name: the order is kept, and a name that is missing or there twice is an error. */
import { expect, test } from 'vitest';
import { NamedTensors, numbered } from '../../../../src/main/engine/graph/named-tensors.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';

const program = new Program();
const scalar = (name: string) => program.placeholder(name, 'float32', []);
const [x, first, second] = [scalar('x'), scalar('first'), scalar('second')];

test('found by name, in order, and again for other tensors', () => {
  const named = new NamedTensors([['x', x], ...numbered('part', [first, second])]);
  expect(named.tensors).toEqual([x, first, second]);
  expect(named.get('part.1')).toBe(second);
  expect(named.list('part')).toEqual([first, second]);
  expect(named.list('other')).toEqual([]);
  expect(named.map((name, i) => `${i} ${name}`)).toEqual(['0 x', '1 part.0', '2 part.1']);
  const others = [scalar('a'), scalar('b'), scalar('c')];
  expect(named.like(others).list('part')).toEqual(others.slice(1));
});

test('what is missing, doubled or left over is an error that names it', () => {
  const named = new NamedTensors([['x', x]]);
  expect(() => named.get('y')).toThrow(/no y among x/);
  expect(() => named.like([x, x])).toThrow(/1 names for 2 tensors/);
  expect(
    () =>
      new NamedTensors([
        ['x', x],
        ['x', first],
      ]),
  ).toThrow(/twice/);
});
