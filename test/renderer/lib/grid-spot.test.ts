import { expect, test } from 'vitest';
import { cellsOf, clampSpot, moveSpot } from '../../../src/renderer/lib/grid-spot.ts';
import { inEveryLayer } from '../../support/plain-module.ts';

const model = {
  layers: 4,
  modules: ['a', 'b', 'c'].map((name) => ({ name, path: name, in: 8, out: 8, ...inEveryLayer })),
};
const spot = (module: number, layer: number) => ({ module, layer });

test.each([
  ['ArrowRight', spot(1, 2), false, spot(1, 3)],
  ['ArrowRight', spot(1, 3), false, spot(1, 3)],
  ['ArrowLeft', spot(1, 0), false, spot(1, -1)],
  ['ArrowLeft', spot(1, -1), false, spot(1, -1)],
  ['ArrowUp', spot(0, 2), false, spot(-1, 2)],
  ['ArrowDown', spot(2, 2), false, spot(2, 2)],
  ['Home', spot(1, 2), false, spot(1, -1)],
  ['End', spot(1, 0), false, spot(1, 3)],
  ['Home', spot(1, 2), true, spot(-1, -1)],
  ['End', spot(0, 0), true, spot(2, 3)],
])('%s from %o', (key, from, control, to) => {
  expect(moveSpot(model, from, key, control)).toEqual(to);
});

test('other keys do not move', () => {
  expect(moveSpot(model, spot(0, 0), 'a', false)).toBeNull();
});

test('a spot of a larger model is drawn in', () => {
  expect(clampSpot(model, spot(6, 29))).toEqual(spot(2, 3));
});

test('heads stand for their row, their column, and all', () => {
  expect(cellsOf(model, spot(1, -1))).toHaveLength(4);
  expect(cellsOf(model, spot(-1, 1))).toEqual([spot(0, 1), spot(1, 1), spot(2, 1)]);
  expect(cellsOf(model, spot(-1, -1))).toHaveLength(12);
  expect(cellsOf(model, spot(2, 3))).toEqual([spot(2, 3)]);
});
