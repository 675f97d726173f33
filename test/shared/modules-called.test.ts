import { expect, test } from 'vitest';
import { isEndOf, modulesCalled } from '../../src/shared/modules-called.ts';

/** A layer of BERT has a module whose whole path is the end of another's. */
const modules = [
  { name: 'query', path: 'attention.self.query' },
  { name: 'attention.output.dense', path: 'attention.output.dense' },
  { name: 'intermediate.dense', path: 'intermediate.dense' },
  { name: 'output.dense', path: 'output.dense' },
];
const called = (name: string) => modulesCalled(name, modules).map(({ path }) => path);

test('a name that one module has means that one', () => {
  expect(called('query')).toEqual(['attention.self.query']);
  expect(called('output.dense')).toEqual(['output.dense']);
});

test('another means every module whose path ends with it', () => {
  expect(called('self.query')).toEqual(['attention.self.query']);
  expect(called('dense')).toEqual([
    ...['attention.output.dense', 'intermediate.dense', 'output.dense'],
  ]);
});

test('a part of a name means nothing', () => {
  expect(called('ense')).toEqual([]);
  expect(isEndOf('proj', 'mlp.c_proj')).toBe(false);
});
