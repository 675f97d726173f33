/** What a kind of composition is told: its defaults, and what is refused by name. */
import { expect, test } from 'vitest';
import {
  compositionKind,
  compositionKinds,
  type CompositionOption,
} from '../../../../src/shared/contract/composition.ts';
import { combinationOf } from '../../../../src/main/engine/compose/combination.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { optionsOf } from './parts.ts';

const options = ['rank', 'density', 'seed'] as const satisfies CompositionOption[];
const given = { rank: 4, density: 0.25, seed: 9 };
const pairs = compositionKind.options.flatMap((kind) =>
  options.map((option) => ({ kind, option })),
);

test.each(pairs)('$kind and --$option', async ({ kind, option }) => {
  const request = optionsOf({ kind, [option]: given[option] });
  const used: readonly CompositionOption[] = compositionKinds[kind].options;
  if (used.includes(option)) {
    expect(combinationOf(request)).toMatchObject({ kind, [option]: given[option] });
    return;
  }
  const { code, what, where } = await problemOf(() => combinationOf(request));
  expect([code, where]).toEqual(['compose/unused-option', option]);
  expect(what).toContain(kind);
});

test('what is left out has its default, and nothing that the kind does not use', () => {
  expect(combinationOf(optionsOf({ kind: 'exact' }))).toEqual({ kind: 'exact' });
  expect(combinationOf(optionsOf({ kind: 'ties' }))).toEqual({
    ...{ kind: 'ties', rank: null, density: 0.5 },
  });
  expect(combinationOf(optionsOf({ kind: 'dare-ties' }))).toEqual({
    ...{ kind: 'dare-ties', rank: null, density: 0.5, seed: 0 },
  });
});

test.each([
  ...[0, -1, 1.5, NaN, Infinity].map((rank) => ['compose/bad-rank', { rank }] as const),
  ...[0, -0.1, 1.01, NaN].map((density) => ['compose/bad-density', { density }] as const),
  ...[-1, 0.5, NaN].map((seed) => ['compose/bad-seed', { seed }] as const),
])('%s: %o', async (code, wrong) => {
  const request = optionsOf({ kind: 'dare-ties', ...wrong });
  expect((await problemOf(() => combinationOf(request))).code).toBe(code);
});
