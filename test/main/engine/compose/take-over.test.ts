/** Saved adapters on the slots of new ones: exact where ranks and scaling allow it, and else as near as the rank allows. */
import { afterAll, expect, test } from 'vitest';
import type { AdapterModule } from '../../../../src/main/engine/checkpoint/adapter.ts';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { inspectAdapter } from '../../../../src/main/engine/commands/inspect-adapter.ts';
import { openAdapter } from '../../../../src/main/engine/commands/open-adapter.ts';
import { takeOver } from '../../../../src/main/engine/compose/take-over.ts';
import { adapterOf, bankOf } from '../../../../src/main/engine/lora/adapter-bank.ts';
import { initialParameters } from '../../../../src/main/engine/lora/init.ts';
import { layOut } from '../../../../src/main/engine/lora/layout.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import type { LoraSettings } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { unit } from '../../../support/rounding.ts';
import { fixturePath } from '../parity/fixtures.ts';
import { changeOf, composed, distance, norm, partsOf, adapterPath } from './parts.ts';

const quiet = { emit: () => undefined, signal: new AbortController().signal };
const opened = new Map<string, Checkpoint>();
afterAll(() => {
  for (const checkpoint of opened.values()) checkpoint.close();
});

async function baseOf(name: string): Promise<Checkpoint> {
  const base = opened.get(name) ?? (await openCheckpoint(fixturePath(`models/${name}`)));
  opened.set(name, base);
  return base;
}

/** A run's adapter at its start, with the adapter's form but for `changes`. */
async function begun(name: string, changes: Partial<LoraSettings> = {}, model = 'tiny-tied') {
  const base = await baseOf(model);
  const saved = openAdapter(adapterPath(name), base, quiet);
  const asked = { model: base.path, path: adapterPath(name) };
  const { lora: form } = await inspectAdapter(asked, quiet);
  const lora: LoraSettings = { ...trainingDefaults.lora, ...form, ...changes };
  const layout = layOut([resolveTargets(base.architecture, lora)]);
  const weightOf = (path: string) => base.read(`${path}.weight`);
  const fresh = initialParameters(layout, [{ init: 'default', seed: 3 }], weightOf);
  const [placed] = layout.adapters;
  if (!placed) throw new Error('one adapter was asked for');
  const parameters = fresh.slice();
  const taken = takeOver(parameters, placed, saved, weightOf);
  const settings = { ...saved, ...lora };
  const { modules } = adapterOf(placed, parameters, settings);
  return { base, saved, layout, parameters, fresh, taken, modules, weightOf };
}

test.each([
  ...['all-linear', 'dora', 'layers', 'patterns', 'pissa', 'regex', 'rslora'].map(
    (name) => [name, 'tiny-tied'] as const,
  ),
  ['qwen3-dora', 'tiny-qwen3'] as const,
  ['tiny-gpt2', 'tiny-gpt2'] as const,
  ['tiny-qwen2-moe-experts', 'tiny-qwen2-moe'] as const,
  ['tiny-mixtral-experts-own-apart', 'tiny-mixtral'] as const,
])('%s in its own form is taken over in every bit', async (name, model) => {
  const { base, saved, layout, parameters, taken } = await begun(name, {}, model);
  expect(taken).toEqual({ anew: [], error: null });
  const bank = bankOf([saved], base.architecture);
  expect(parameters.length).toBe(bank.parameters.length);
  const asSaved = new Map(bank.layout.adapters[0]?.slots.map((slot) => [slot.path, slot]));
  for (const slot of layout.adapters[0]?.slots ?? []) {
    const own = asSaved.get(slot.path);
    if (!own) throw new Error(`${slot.path} was not saved`);
    const numbers = ({ a, b, m }: typeof own, all: Float32Array) => [
      all.subarray(a, a + slot.rank * slot.module.in),
      all.subarray(b, b + slot.rank * slot.module.out),
      m === null ? null : all.subarray(m, m + slot.module.out),
    ];
    expect(numbers(slot, parameters)).toEqual(numbers(own, bank.parameters));
    expect(slot.scaling).toBe(own.scaling);
  }
});

test.each(['all-linear', 'patterns', 'rslora'])(
  '%s with more ranks and another alpha changes the same, but for one rounding of B',
  async (name) => {
    const patterns = { rankPattern: {}, alphaPattern: {} };
    const more = { rank: 7, alpha: 5, useRslora: false, ...patterns };
    const { saved, taken, modules } = await begun(name, more);
    expect(taken.anew).toEqual([]);
    for (const [path, module] of modules) {
      const own = saved.modules.get(path);
      if (!own) throw new Error(`${path} was not saved`);
      expect(module).toMatchObject({ rank: 7, scaling: 5 / 7 });
      // |ΔW′ − ΔW| ≤ u · Σ|scaling·b·a|, number by number, and the sum of the sizes is no more than their number times the root.
      const bound = unit.float32 * sizeOf(own);
      expect(distance(changeOf(module), changeOf(own))).toBeLessThanOrEqual(bound);
      // The ranks that are new can learn: their A is no 0, and their B is.
      const further = module.a.subarray(own.rank * own.in);
      expect(further.every((value) => value !== 0)).toBe(true);
      const lastOfB = module.b.filter((_, at) => at % 7 >= own.rank);
      expect(lastOfB.every((value) => value === 0)).toBe(true);
    }
    expect(taken.error?.worst.error).toBeGreaterThan(0);
    expect(taken.error?.all).toBeLessThan(8 * unit.float32);
  },
);

/** ‖|scaling| · |B|·|A|‖: what rounding B moves is within a unit of it. */
function sizeOf(module: AdapterModule): number {
  const [a, b] = [module.a.map(Math.abs), module.b.map(Math.abs)];
  return norm(changeOf({ ...module, a, b }));
}

test.each(['all-linear', 'rslora'])(
  '%s with fewer ranks loses what its smallest singular values are, and no more',
  async (name) => {
    const { saved, taken, modules } = await begun(name, { rank: 2, alpha: 3 });
    const { figures } = await composed(partsOf({ [name]: 1 }), { kind: 'exact' });
    const errors = [...modules].map(([path, module]) => {
      const own = saved.modules.get(path);
      const values = figures.get(path)?.singularValues ?? [];
      if (!own || values.length === 0) throw new Error(`${path} was not saved`);
      const [whole, lost] = [norm(values), norm(values.slice(2))];
      // Both factors are rounded to float32: see twoOfRank in identities.test.ts.
      const slack = 4 * Math.sqrt(2) * unit.float32 * whole;
      expect(Math.abs(distance(changeOf(module), changeOf(own)) - lost)).toBeLessThan(slack);
      expect(lost / whole).toBeGreaterThan(0.01);
      return { path, whole, lost };
    });
    const all = norm(errors.map(({ lost }) => lost)) / norm(errors.map(({ whole }) => whole));
    const worst = Math.max(...errors.map(({ lost, whole }) => lost / whole));
    expect(taken.error?.all).toBeCloseTo(all, 6);
    expect(taken.error?.worst.error).toBeCloseTo(worst, 6);
    const named = errors.find(({ path }) => path === taken.error?.worst.path);
    expect((named?.lost ?? NaN) / (named?.whole ?? NaN)).toBeCloseTo(worst, 6);
  },
);

test('where only some modules are brought to another rank, the others count among all', async () => {
  const { saved, taken, modules } = await begun('all-linear', { rankPattern: { q_proj: 2 } });
  let [whole, lost] = [0, 0];
  for (const [path, module] of modules) {
    const own = saved.modules.get(path);
    if (!own) throw new Error(`${path} was not saved`);
    const off = distance(changeOf(module), changeOf(own));
    expect(off > 0, path).toBe(path.endsWith('q_proj'));
    whole += norm(changeOf(own)) ** 2;
    lost += off ** 2;
  }
  expect(taken.error?.worst.path).toMatch(/q_proj$/);
  expect(taken.error?.all).toBeCloseTo(Math.sqrt(lost / whole), 6);
});

test('targets that the adapter lacks begin anew, as if there were none', async () => {
  const { saved, taken, modules, fresh, layout, parameters } = await begun('layers', {
    targets: 'all-linear',
  });
  expect(taken.error).toBe(null);
  expect(taken.anew.length).toBe(modules.size - saved.modules.size);
  expect(taken.anew).toContain('model.layers.1.self_attn.q_proj');
  expect(taken.anew).not.toContain('model.layers.0.self_attn.q_proj');
  for (const slot of layout.adapters[0]?.slots ?? []) {
    const own = [slot.a, slot.b + slot.rank * slot.module.out] as const;
    const same = parameters.subarray(...own).every((value, i) => value === fresh[own[0] + i]);
    expect(same, slot.path).toBe(taken.anew.includes(slot.path));
  }
});

/** m / ‖W + ΔW‖ ⊙ (W + ΔW) − W, in float64; ΔW where there is no magnitude. */
function wholeChange(module: AdapterModule, weight: Float32Array): Float64Array {
  const change = changeOf(module);
  const { magnitude, in: inputs } = module;
  if (!magnitude) return change;
  const ratios = Array.from(magnitude, (length, row) => {
    const begin = row * inputs;
    const sum = change
      .subarray(begin, begin + inputs)
      .map((x, i) => x + (weight[begin + i] ?? NaN));
    return length / norm(sum);
  });
  return change.map((x, at) => {
    const w = weight[at] ?? NaN;
    return (ratios[Math.floor(at / inputs)] ?? NaN) * (w + x) - w;
  });
}

test.each([
  ['dora', { rank: 2, alpha: 3 }],
  ['dora', { useDora: false }],
  ['all-linear', { useDora: true }],
  ['all-linear', { useDora: true, rank: 2 }],
] as const)(
  '%s with %j: the error that is told is that of the whole change',
  async (name, form) => {
    const { saved, taken, modules, weightOf } = await begun(name, form);
    let [whole, lost] = [0, 0];
    for (const [path, module] of modules) {
      const own = saved.modules.get(path);
      if (!own) throw new Error(`${path} was not saved`);
      const weight = weightOf(path);
      const before = wholeChange(own, weight);
      whole += norm(before) ** 2;
      lost += distance(wholeChange(module, weight), before) ** 2;
      if (own.magnitude && module.magnitude) expect(module.magnitude).toEqual(own.magnitude);
    }
    expect(taken.error?.all).toBeCloseTo(Math.sqrt(lost / whole), 9);
  },
);

test('DoRA on a plain adapter begins with what that changes', async () => {
  const { saved, taken, modules, weightOf } = await begun('all-linear', { useDora: true });
  for (const [path, module] of modules) {
    const own = saved.modules.get(path);
    if (!own) throw new Error(`${path} was not saved`);
    const weight = weightOf(path);
    // The sum W + ΔW and the lengths of its rows are rounded to float32, and both are about as long as W.
    const bound = 4 * unit.float32 * norm(weight);
    const off = distance(wholeChange(module, weight), changeOf(own));
    expect(off, path).toBeLessThan(bound);
  }
  expect(taken.error?.all).toBeLessThan(1e-4);
});
