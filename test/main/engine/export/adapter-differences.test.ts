/** An adapter against what its files hold. */
import { expect, test } from 'vitest';
import type { Adapter, AdapterModule } from '../../../../src/main/engine/checkpoint/adapter.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { adapterDifferences } from '../../../../src/main/engine/export/adapter-differences.ts';
import { fixturePath } from '../parity/fixtures.ts';

const dora = () => readAdapter(fixturePath('adapters/dora'));

/** With one module changed; gives its path, too. */
function changed(edit: (module: AdapterModule) => AdapterModule): {
  path: string;
  adapter: Adapter;
} {
  const adapter = dora();
  const [[path, module] = ['', undefined]] = adapter.modules;
  if (!module) throw new Error('no module');
  return {
    path,
    adapter: { ...adapter, modules: new Map([...adapter.modules, [path, edit(module)]]) },
  };
}

/** With its last bit turned in the first number. */
function turned(values: Float32Array): Float32Array {
  const copy = values.slice();
  const bits = new Uint32Array(copy.buffer);
  bits[0] = (bits[0] ?? 0) ^ 1;
  return copy;
}

test('nothing where all is there', () => {
  expect(adapterDifferences(dora(), dora())).toEqual([]);
});

test.each([
  ['A', (module: AdapterModule) => ({ ...module, a: turned(module.a) })],
  ['B', (module: AdapterModule) => ({ ...module, b: turned(module.b) })],
  ['no magnitude', (module: AdapterModule) => ({ ...module, magnitude: null })],
])('a module with another %s is named', (_, edit) => {
  const { path, adapter } = changed(edit);
  expect(adapterDifferences(dora(), adapter).join()).toContain(path);
});

test('a head is held against its files, too', () => {
  const whole = {
    ...dora(),
    saved: new Map([['score.weight', { shape: [1], values: Float32Array.of(1) }]]),
  };
  expect(adapterDifferences(whole, dora()).join()).toContain('score.weight');
  expect(adapterDifferences(whole, whole)).toEqual([]);
});
