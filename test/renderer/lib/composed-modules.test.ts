/** The modules of a blend on a map of layers. */
import { expect, test } from 'vitest';
import { composedCells, worstFirst } from '../../../src/renderer/lib/composed-modules.ts';
import type { ComposedModule } from '../../../src/shared/contract/composition.ts';

const module = (path: string, relativeError = 0): ComposedModule => ({
  ...{ path, rank: 1, relativeError, singularValues: [1] },
});
const placed = (paths: readonly string[]) =>
  composedCells(paths.map((path) => module(path))).map((cell) => `${cell.module} ${cell.layer}`);

test('a path is a layer and the shortest name that says which module it is', () => {
  const llama = ['model.layers.0.self_attn.q_proj', 'model.layers.12.mlp.up_proj'];
  expect(placed(llama)).toEqual(['q_proj 0', 'up_proj 12']);
  const gpt2 = ['transformer.h.0.attn.c_proj', 'transformer.h.0.mlp.c_proj'];
  expect(placed(gpt2)).toEqual(['attn.c_proj 0', 'mlp.c_proj 0']);
  expect(placed(['score'])).toEqual([]);
});

test('the experts of a layer are one cell, which is about the worst of them', () => {
  const of = (expert: number) => `model.layers.1.mlp.experts.${expert}.up_proj`;
  const cells = composedCells([module(of(0), 0.1), module(of(1), 0.3), module(of(2), 0.2)]);
  expect(cells).toEqual([{ module: 'up_proj', layer: 1, worst: module(of(1), 0.3) }]);
});

test('the list of modules begins with the worst', () => {
  const modules = [module('a', 0.1), module('b', 0.3), module('c', 0.2)];
  expect(worstFirst(modules).map(({ path }) => path)).toEqual(['b', 'c', 'a']);
});
