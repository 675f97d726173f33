/** What holds of compositions whatever the numbers are. */
import { expect, test } from 'vitest';
import type { AdapterModule } from '../../../../src/main/engine/checkpoint/adapter.ts';
import type { Composition } from '../../../../src/main/engine/compose/compose-parts.ts';
import { relativeError } from '../../../../src/main/engine/compose/figures.ts';
import type { Part } from '../../../../src/main/engine/compose/parts.ts';
import { unit } from '../../../support/rounding.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { changeOf, composed, distance, norm, partsOf, sizeAt, sumAt } from './parts.ts';

const errorOf = ({ figures }: Composition) => relativeError([...figures.values()]);

/** The largest distance of two compositions in a module, over the bound that `of` gives. */
function apart(
  one: Composition,
  other: Composition,
  of: (path: string, module: AdapterModule) => number,
): number {
  expect([...one.adapter.modules.keys()].sort()).toEqual([...other.adapter.modules.keys()].sort());
  const shares = [...one.adapter.modules].map(([path, module]) => {
    const second = other.adapter.modules.get(path);
    return second ? distance(changeOf(module), changeOf(second)) / of(path, module) : NaN;
  });
  return Math.max(...shares);
}

/** Each of two results rounds A and B, one of them orthonormal, to float32. */
const twoOfRank = (_: string, module: AdapterModule) =>
  4 * Math.sqrt(module.rank) * unit.float32 * norm(changeOf(module));
/** Each of two exact sums rounds B. */
const twoSums = (parts: readonly Part[]) => (path: string) =>
  2 * unit.float32 * sizeAt(parts, path);

test.each(['all-linear', 'patterns', 'layers', 'rslora', 'dora', 'together', 'pissa'])(
  '%s alone with weight 1 is what it was, as a whole and in every number',
  async (name) => {
    const parts = partsOf({ [name]: 1 });
    const found = await composed(parts, { kind: 'exact' });
    expect(found.adapter).toEqual(parts[0]?.adapter);
    expect(errorOf(found)).toBe(0);
    for (const { singularValues } of found.figures.values())
      expect(singularValues[0]).toBeGreaterThan(0);
  },
);

test.each(['all-linear', 'patterns', 'rslora'])(
  '%s by SVD at its own ranks changes the same',
  async (name) => {
    const parts = partsOf({ [name]: 1 });
    const found = await composed(parts, { kind: 'svd' });
    for (const [path, module] of found.adapter.modules) {
      expect(module.rank).toBe(parts[0]?.adapter.modules.get(path)?.rank);
      const sum = sumAt(parts, path);
      const bound = 2 * Math.sqrt(module.rank) * unit.float32 * norm(sum);
      expect(distance(changeOf(module), sum), path).toBeLessThan(bound);
    }
  },
);

test.each(['exact', 'svd'] as const)('%s: the order of adapters does not matter', async (kind) => {
  const parts = partsOf({ 'all-linear': 0.7, patterns: -0.4, rslora: 0.5 });
  const one = await composed(parts, { kind });
  const other = await composed(parts.toReversed(), { kind });
  expect(apart(one, other, kind === 'exact' ? twoSums(parts) : twoOfRank)).toBeLessThan(1);
});

test('an adapter in two halves is the adapter', async () => {
  const halves = partsOf({ patterns: 0.5 });
  const whole = partsOf({ patterns: 1 });
  const twice = await composed([...halves, ...halves], { kind: 'exact' });
  const once = await composed(whole, { kind: 'svd' });
  for (const [path, module] of twice.adapter.modules) {
    // Halves are exact in float32, so that only the two scalings round.
    const bound = 2 * unit.float32 * sizeAt(whole, path);
    expect(distance(changeOf(module), sumAt(whole, path)), path).toBeLessThan(bound);
    const values = once.figures.get(path)?.singularValues ?? [];
    const doubled = twice.figures.get(path)?.singularValues ?? [];
    expect(doubled.length).toBe(2 * values.length);
    // Those that the second half adds are 0 but for rounding of float64.
    const beyond = doubled.slice(values.length);
    expect(Math.max(...beyond)).toBeLessThan(1e-13 * (values[0] ?? NaN));
  }
});

test('what cancels out is 0, with no error', async () => {
  const parts = [...partsOf({ 'all-linear': 0.7 }), ...partsOf({ 'all-linear': -0.7 })];
  for (const kind of ['exact', 'svd'] as const) {
    const found = await composed(parts, { kind });
    expect(errorOf(found)).toBe(0);
    const sizes = [...found.figures.values()].flatMap(({ singularValues }) => singularValues);
    expect(Math.max(...sizes)).toBe(0);
  }
});

test('by SVD at the full rank of the sum it is the exact sum, and keeps no more ranks than that', async () => {
  const parts = partsOf({ 'all-linear': 0.7, rslora: 0.5 });
  const exact = await composed(parts, { kind: 'exact' });
  const svd = await composed(parts, { kind: 'svd', rank: 12 });
  for (const [path, { rank }] of exact.adapter.modules)
    expect(svd.adapter.modules.get(path)?.rank).toBe(rank);
  const bound = (path: string, module: AdapterModule) =>
    twoOfRank(path, module) + twoSums(parts)(path);
  expect(apart(svd, exact, bound)).toBeLessThan(1);
  // A smaller rank loses the more, the smaller it is.
  const errors = [1, 2, 4, 6, 8].map(async (rank) =>
    errorOf(await composed(parts, { kind: 'svd', rank })),
  );
  const found = await Promise.all(errors);
  expect(found).toEqual(found.toSorted((one, other) => other - one));
});

test('by SVD its error is that of the singular values it leaves out', async () => {
  const parts = partsOf({ 'all-linear': 0.7, rslora: 0.5 });
  const { figures } = await composed(parts, { kind: 'svd', rank: 5 });
  for (const [path, each] of figures) {
    const { singularValues: values } = each;
    const lost = norm(values.slice(5)) / norm(values);
    // Rounding of A and B adds at most what it is.
    const bound = 2 * Math.sqrt(5) * unit.float32;
    expect(Math.abs(relativeError([each]) - lost), path).toBeLessThan(bound);
  }
});

test.each(['dare-linear', 'dare-ties', 'ties', 'magnitude'] as const)(
  '%s with a density of 1 prunes nothing',
  async (kind) => {
    const parts = partsOf({ layers: 0.7 });
    const found = await composed(parts, { kind, density: 1 });
    expect(apart(found, await composed(parts, { kind: 'svd' }), twoOfRank)).toBeLessThan(1);
  },
);

test('DARE chooses by its seed', async () => {
  const parts = partsOf({ 'all-linear': 0.7, rslora: 0.5 });
  const by = (seed: number) => composed(parts, { kind: 'dare-linear', seed });
  expect((await by(3)).adapter).toEqual((await by(3)).adapter);
  expect(apart(await by(3), await by(4), twoOfRank)).toBeGreaterThan(1000);
});

test('a density that keeps no number leaves no change', async () => {
  const found = await composed(partsOf({ layers: 1 }), { kind: 'magnitude', density: 1e-6 });
  for (const module of found.adapter.modules.values()) expect(norm(changeOf(module))).toBe(0);
  expect(errorOf(found)).toBeCloseTo(1, 12);
});

test('DoRA has no exact sum, unless it is all there is', async () => {
  for (const weights of [{ dora: 0.5 }, { dora: 1, rslora: 1 }]) {
    const { code, where } = await problemOf(() => composed(partsOf(weights), { kind: 'exact' }));
    expect(code).toBe('compose/dora-not-exact');
    expect(where).toMatch(/dora$/);
  }
});

test('numbers that float32 cannot hold are refused with their module', async () => {
  const parts = partsOf({ layers: 1e39 });
  const problem = await problemOf(() => composed(parts, { kind: 'exact' }));
  expect(problem.code).toBe('compose/not-finite');
  expect(problem.where).toBe([...(parts[0]?.adapter.modules.keys() ?? [])][0]);
});

test('a rank that a module cannot have is refused with the module', async () => {
  const parts = partsOf({ 'all-linear': 1 });
  const sides = [...(parts[0]?.adapter.modules ?? [])].map(([path, module]) => {
    return { path, most: Math.min(module.in, module.out) };
  });
  const least = Math.min(...sides.map(({ most }) => most));
  const { code, what } = await problemOf(() => composed(parts, { kind: 'svd', rank: least + 1 }));
  expect(code).toBe('compose/bad-rank');
  expect(what).toContain(`rank ${least + 1}`);
  expect(what).toContain(sides.find(({ most }) => most === least)?.path);
  const most = await composed(parts, { kind: 'magnitude', rank: least });
  expect(Math.max(...[...most.adapter.modules.values()].map(({ rank }) => rank))).toBe(least);
});
