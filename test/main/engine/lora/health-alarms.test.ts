/** When an adapter's figures raise an alarm, and which modules it names. */
import { expect, test } from 'vitest';
import type { ModuleHealth } from '../../../../src/shared/contract/run-points.ts';
import {
  bIsUnmoved,
  healthAlarms,
  patience,
} from '../../../../src/main/engine/lora/health-alarms.ts';
import type { Slot } from '../../../../src/main/engine/lora/layout.ts';

const names = ['q_proj', 'v_proj'];
/** Two modules in each of four layers, all well. */
const well = [0, 1, 2, 3].flatMap((layer) =>
  names.map((module): ModuleHealth => {
    return { layer, module, normA: 2, normB: 0.1, deltaRatio: 0.01, gradientNorm: 0.3 };
  }),
);

/** The alarms after `updates` updates, with the modules that `change` says something of changed. */
function alarms(
  change: (at: ModuleHealth) => Partial<ModuleHealth> | null,
  { updates = 10, unmoved = false } = {},
) {
  const modules = well.map((health) => {
    const changed = change(health);
    return { health: { ...health, ...changed }, unmoved: unmoved && changed !== null };
  });
  return healthAlarms(modules, updates).map(({ code, what, where }) => ({ code, what, where }));
}

test('an adapter that is well raises none', () => {
  expect(alarms(() => null)).toEqual([]);
});

test('a B that stays 0 is an alarm once it has had the chance to move', () => {
  const zero = ({ layer, module }: ModuleHealth) =>
    layer > 0 && module === 'v_proj' ? { normB: 0 } : null;
  expect(alarms(zero, { unmoved: true, updates: patience - 1 })).toEqual([]);
  const [alarm, ...more] = alarms(zero, { unmoved: true, updates: patience });
  expect(more).toEqual([]);
  expect(alarm).toMatchObject({ code: 'health/b-stays-zero', where: 'v_proj in layers 1–3' });
  expect(alarm?.what).toContain('After 3 updates B is still 0');
});

test('what is not finite names the modules with the bad gradient, else those with a bad A or B', () => {
  const spoilt = { normA: null, normB: null, deltaRatio: null };
  const bad = ({ layer, module }: ModuleHealth) =>
    layer === 2 && module === 'q_proj' ? { ...spoilt, gradientNorm: null } : spoilt;
  expect(alarms(bad)).toMatchObject([{ code: 'health/not-finite', where: 'q_proj in layer 2' }]);
  expect(alarms(() => spoilt)).toMatchObject([
    { code: 'health/not-finite', where: 'every module' },
  ]);
});

test('a change larger than its weight is an alarm; one as large is not', () => {
  const large = (ratio: number) =>
    alarms(({ layer }) => (layer === 3 ? { deltaRatio: ratio } : null));
  expect(large(1)).toEqual([]);
  const [alarm] = large(1.72);
  expect(alarm).toMatchObject({
    code: 'health/outweighs-base',
    where: 'q_proj, v_proj in layer 3',
  });
  expect(alarm?.what).toContain('1.7 times');
});

test('B has moved when any number of its learning ranks has', () => {
  const slot: Slot = {
    adapter: 0,
    layer: 0,
    module: { name: 'q_proj', path: 'self_attn.q_proj', in: 1, out: 2, bias: false, group: 'qkv' },
    path: 'model.layers.0.self_attn.q_proj',
    ...{ rank: 2, alpha: 2, scaling: 1, dora: false, frozenRank: 0, a: 0, b: 2, m: null },
  };
  const unmoved = (b: number[], frozenRank = 0) =>
    bIsUnmoved(Float32Array.of(9, 9, ...b), { ...slot, frozenRank });
  expect(unmoved([0, 0, 0, 0])).toBe(true);
  expect(unmoved([0, 0, 0, 1e-30])).toBe(false);
  expect(unmoved([NaN, 0, 0, 0])).toBe(false);
  // With a frozen rank: one column that learns, beside the negative of its start.
  expect(unmoved([5, -5, -3, 3], 1)).toBe(true);
  expect(unmoved([5, -5, -3, 3.5], 1)).toBe(false);
});
