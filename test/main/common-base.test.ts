/** What adapters of the store have in common: their model, and how it was held. */
import { expect, test } from 'vitest';
import { commonBase, commonHeldBase } from '../../src/main/common-base.ts';
import type { AdapterRecord, HeldBase } from '../../src/shared/contract/records.ts';

const adapter = (model: string, base: HeldBase | null): AdapterRecord => ({
  ...{ id: 1, name: 'a', path: `/adapters/of${model}`, runId: null, model, base },
  ...{ rank: 8, alpha: 16, parameters: 1, labels: null, createdAt: 0 },
});
const dense: HeldBase = { form: 'dense', doubleQuant: false };
const packed: HeldBase = { form: 'packed', doubleQuant: false };
const nf4: HeldBase = { form: 'nf4', doubleQuant: false };
const heldOf = (...bases: (HeldBase | null)[]) =>
  commonHeldBase(bases.map((base) => adapter('/m', base)));

test('the model that all were trained on, or a problem that names another', () => {
  expect(commonBase([adapter('/m', dense), adapter('/m', nf4)])).toBe('/m');
  expect(() => commonBase([adapter('/m', dense), adapter('/n', dense)])).toThrow('/n');
});

test('a form that gave all of them the same values, or none', () => {
  expect(heldOf(nf4, nf4)).toEqual(nf4);
  expect(heldOf(dense, packed)).toEqual(dense);
  expect(heldOf(dense, nf4)).toBe(null);
  expect(heldOf(nf4, { ...nf4, doubleQuant: true })).toBe(null);
  expect(heldOf(nf4, null)).toBe(null);
  expect(heldOf(null)).toBe(null);
});
