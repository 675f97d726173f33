/** Compositions of every kind against their definitions in float64 (test/oracle/compositions.py), and PEFT's where it is right. */
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compositionKind } from '../../../../src/shared/contract/composition.ts';
import type { Composition } from '../../../../src/main/engine/compose/compose-parts.ts';
import { relativeError } from '../../../../src/main/engine/compose/figures.ts';
import { unit } from '../../../support/rounding.ts';
import { readFixture, readTensors } from '../parity/fixtures.ts';
import { changeOf, composed, distance, moduleAt, norm, partsOf, sizeAt, sumAt } from './parts.ts';

const folder = 'expected/compositions';
const fixture = z.object({
  parts: z.record(z.string(), z.number()),
  options: z.object({
    kind: compositionKind,
    rank: z.int().nullable(),
    density: z.number().nullable(),
    seed: z.int().nullable(),
  }),
  relativeError: z.number(),
  modules: z.record(z.string(), z.object({ rank: z.int(), relativeError: z.number() })),
  singularValues: z.record(z.string(), z.array(z.number())),
});

/**
 * A and B are rounded to float32, one of them orthonormal and the other as large as their product: its numbers move by two
 * roundings of Σ|b|·|a|, which is ‖B‖·‖A‖ = ‖Δ′‖·√rank at most as a norm. The same in float64 on the way is nothing beside it.
 */
const ofRank = (rank: number) => 2 * Math.sqrt(rank) * unit.float32;
/** Eigenvalues and singular values of a matrix [n, n] stray by about 10·n·u of the largest (Golub and Van Loan, 8.3). */
const ofValues = 10 * 160 * unit.float64;

describe.each([
  ...['exact', 'svd', 'ties', 'dare-linear', 'dare-ties', 'magnitude', 'dora-svd', 'dora-ties'],
])('%s', (name) => {
  const {
    parts: weights,
    options,
    ...expected
  } = readFixture(`${folder}/${name}/composition.json`, fixture);
  const parts = partsOf(weights);
  const dora = parts.some(({ adapter }) => adapter.useDora);
  let found: Composition;
  beforeAll(async () => {
    found = await composed(parts, options);
  });

  test('is the matrix of the definition', () => {
    for (const [path, matrix] of readTensors(`${folder}/${name}/composed.safetensors`)) {
      const module = moduleAt(found, path);
      // The fixture is rounded to float32 once.
      const written = unit.float32 * norm(matrix);
      const own =
        options.kind === 'exact'
          ? unit.float32 * sizeAt(parts, path)
          : ofRank(module.rank) * norm(matrix);
      expect(distance(changeOf(module), matrix), path).toBeLessThan(own + written);
    }
  });

  test('has its ranks and errors, module by module and over all', () => {
    const { adapter, figures } = found;
    expect([...figures.keys()].sort()).toEqual(Object.keys(expected.modules).sort());
    for (const [path, module] of Object.entries(expected.modules)) {
      expect(adapter.modules.get(path)?.rank, path).toBe(module.rank);
      const own = figures.get(path);
      // Δ′ is not twice as large as the sum in any of these.
      const bound =
        options.kind === 'exact'
          ? (unit.float32 * sizeAt(parts, path)) / norm(sumAt(parts, path))
          : 2 * ofRank(module.rank);
      const error = own ? relativeError([own]) : NaN;
      expect(Math.abs(error - module.relativeError), path).toBeLessThan(bound);
    }
    const all = relativeError([...figures.values()]);
    expect(Math.abs(all - expected.relativeError)).toBeLessThan(2 * ofRank(12));
  });

  test('shows the singular values of the sum', () => {
    const { figures } = found;
    for (const [path, values] of Object.entries(expected.singularValues)) {
      const own = figures.get(path)?.singularValues ?? [];
      expect(own.length).toBe(values.length);
      const [most = NaN] = values;
      values.forEach((value, i) => {
        // With DoRA they are roots of eigenvalues, which stray by a part of the largest: (x² + d)^½ = x + d / 2x.
        const bound = dora ? (ofValues * most * most) / (2 * value) : ofValues * most;
        expect(Math.abs((own[i] ?? NaN) - value), `${path}, ${i}`).toBeLessThan(bound);
      });
    }
  });
});

const peft = readFixture(
  `${folder}/peft/peft.json`,
  z.object({
    parts: z.record(z.string(), z.number()),
    module: z.string(),
    wrong: z.object({ parts: z.record(z.string(), z.number()), module: z.string() }),
  }),
);
const theirs = readTensors(`${folder}/peft/matrices.safetensors`);

test.each(compositionKind.options)('%s is what PEFT gives without rsLoRA', async (kind) => {
  const { options } = readFixture(`${folder}/${kind}/composition.json`, fixture);
  const module = moduleAt(await composed(partsOf(peft.parts), options), peft.module);
  const matrix = theirs.get(kind) ?? new Float32Array();
  // What the oracle allows PEFT: singular vectors of float32 turn by its unit times σ₁ over the gap between two values.
  expect(distance(changeOf(module), matrix)).toBeLessThan(1e-4 * norm(matrix));
});

test('PEFT scales by √rank too much where the first adapter has rsLoRA, and Lorikeet does not', async () => {
  const { module: path, parts: weights } = peft.wrong;
  const parts = partsOf(weights);
  const wrong = theirs.get('wrong') ?? new Float32Array();
  const module = moduleAt(await composed(parts, { kind: 'exact' }), path);
  const sum = sumAt(parts, path);
  const rounding = unit.float32 * sizeAt(parts, path);
  expect(distance(changeOf(module), sum)).toBeLessThan(rounding);
  // PEFT rounds its factors and their product in float32: sums of eight products with four roundings each.
  const tooMuch = sum.map((x) => Math.sqrt(module.rank) * x);
  expect(distance(wrong, tooMuch)).toBeLessThan(12 * Math.sqrt(module.rank) * rounding);
});
