/** Modules of layers as a map. */
import { expect, test } from 'vitest';
import { heatOf, layerMap, type AtLayer } from '../../../src/renderer/lib/layer-map.ts';

const cell = (layer: number, module: string): AtLayer => ({ layer, module });

test('the map has the modules in the order of the fullest layer, and holes where there is no adapter', () => {
  const cells = [cell(3, 'v_proj'), cell(5, 'q_proj'), cell(5, 'v_proj')];
  const map = layerMap(cells);
  expect(map.modules).toEqual(['q_proj', 'v_proj']);
  expect(map.layers).toEqual([3, 4, 5]);
  expect(map.cells).toEqual([
    [null, null, cells[1]],
    [cells[0], null, cells[2]],
  ]);
  expect(layerMap([])).toEqual({ modules: [], layers: [], cells: [] });
});

test('a cell is a share of the largest value, or says why it has none', () => {
  const heat = (value: number | null) => heatOf(cell(0, 'a'), { of: () => value }, 2);
  expect(heat(0.5)).toEqual({ kind: 'value', share: 0.25 });
  expect(heat(0)).toEqual({ kind: 'zero' });
  expect(heat(null)).toEqual({ kind: 'not-finite' });
  expect(heatOf(null, { of: () => 1 }, 2)).toEqual({ kind: 'none' });
});
