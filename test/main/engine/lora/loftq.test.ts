/** LoftQ's start on a base that was quantised, against what it is defined by. */
import { describe, expect, test } from 'vitest';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { roundedTo } from '../../../../src/main/engine/export/in-type.ts';
import { initialParameters } from '../../../../src/main/engine/lora/init.ts';
import { layOut } from '../../../../src/main/engine/lora/layout.ts';
import { loftqStart } from '../../../../src/main/engine/lora/loftq.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { gamma, unit } from '../../../support/rounding.ts';
import { fixturePath } from '../parity/fixtures.ts';

const checkpoint = await openCheckpoint(fixturePath('models/tiny-tied'));
const original = (path: string) => checkpoint.read(`${path}.weight`);
const rank = 4;

/** Quantised to blocks of four bits, but for what lies in the last layer. */
function held(path: string): Float32Array {
  const values = original(path);
  if (path.includes('layers.2.')) return values;
  return roundedTo({ name: path, type: 'Q4_0' }, values, 'here');
}

function start(useDora: boolean) {
  const targets = ['q_proj', 'v_proj', 'down_proj'].map((module) => {
    return { module, layers: [0, 2] };
  });
  const lora = { ...trainingDefaults.lora, rank, alpha: 12, useDora, targets };
  const layout = layOut([resolveTargets(checkpoint.architecture, lora)]);
  const [adapter] = layout.adapters;
  if (!adapter) throw new Error('one adapter was asked for');
  const plain = initialParameters(layout, [{ init: 'loftq', seed: 3 }], held);
  const parameters = plain.slice();
  const share = loftqStart(parameters, adapter, held, original);
  return { slots: adapter.slots, plain, parameters, share };
}

/** s · B·A at its place, in float64. */
function product(
  parameters: Float32Array,
  slot: ReturnType<typeof start>['slots'][number],
): Float64Array {
  const { module, a, b, scaling } = slot;
  return Float64Array.from({ length: module.out * module.in }, (_, at) => {
    const [row, column] = [Math.floor(at / module.in), at % module.in];
    let sum = 0;
    for (let k = 0; k < rank; k++)
      sum +=
        (parameters[b + row * rank + k] ?? NaN) * (parameters[a + k * module.in + column] ?? NaN);
    return scaling * sum;
  });
}

const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);

/**
 * Eigenvalues of a symmetric matrix by Jacobi's rotations, in float64: those of E·Eᵀ are the squares of the singular values of E.
 */
function singularSquares(matrix: Float64Array, rows: number): number[] {
  const columns = matrix.length / rows;
  const gram = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: rows }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < columns; k++)
        sum += (matrix[i * columns + k] ?? NaN) * (matrix[j * columns + k] ?? NaN);
      return sum;
    }),
  );
  const at = (i: number, j: number) => gram[i]?.[j] ?? NaN;
  const put = (i: number, j: number, value: number) => {
    const row = gram[i];
    if (row) row[j] = value;
  };
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < rows; p++) {
      for (let q = p + 1; q < rows; q++) {
        if (at(p, q) === 0) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < rows; k++) {
          const [x, y] = [at(k, p), at(k, q)];
          put(k, p, c * x - s * y);
          put(k, q, s * x + c * y);
        }
        for (let k = 0; k < rows; k++) {
          const [x, y] = [at(p, k), at(q, k)];
          put(p, k, c * x - s * y);
          put(q, k, s * x + c * y);
        }
      }
    }
  }
  return Array.from({ length: rows }, (_, i) => at(i, i)).sort((a, b) => b - a);
}

describe.each([false, true])('with DoRA: %s', (useDora) => {
  const { slots, plain, parameters, share } = start(useDora);

  test('what is left of the error is all but its largest singular values', () => {
    const found: { path: string; left: number; whole: number }[] = [];
    for (const slot of slots.filter(({ layer }) => layer === 0)) {
      const [weight, before] = [held(slot.path), original(slot.path)];
      const error = Float64Array.from(before, (value, i) =>
        Math.fround(value - (weight[i] ?? NaN)),
      );
      const made = product(parameters, slot);
      const left = squares(error.map((value, i) => value - (made[i] ?? NaN)));
      const { out, in: inputs } = slot.module;
      const singular = singularSquares(error, out);
      const least = singular.slice(rank).reduce((sum, value) => sum + value, 0);
      const whole = squares(error);
      // No product of this rank leaves less (Eckart and Young). The projection on directions that a decomposition in float32 is
      // off by, some 20·n·u (see factors.test.ts), leaves more by at most that much of the whole, twice.
      const off = 4 * 20 * Math.max(out, inputs) * unit.float32 * whole;
      expect(left).toBeGreaterThan(least - off);
      expect(left).toBeLessThan(least + off);
      found.push({ path: slot.path, left, whole });
    }
    const shares = found.map(({ left, whole }) => 1 - Math.sqrt(left / whole));
    const all = found.reduce(
      (sum, { left, whole }) => ({ left: sum.left + left, whole: sum.whole + whole }),
      { left: 0, whole: 0 },
    );
    // Sums of so many squares in float32.
    const close = gamma(64 * 160);
    expect(Math.abs((share?.all ?? NaN) - (1 - Math.sqrt(all.left / all.whole)))).toBeLessThan(
      close,
    );
    expect(Math.abs((share?.least.share ?? NaN) - Math.min(...shares))).toBeLessThan(close);
    expect(Math.abs((share?.most.share ?? NaN) - Math.max(...shares))).toBeLessThan(close);
    expect(share?.all).toBeGreaterThan(0);
  });

  test('a matrix that is not quantised starts as by default', () => {
    for (const { module, a, b } of slots.filter(({ layer }) => layer === 2)) {
      expect(parameters.subarray(a, a + rank * module.in)).toEqual(
        plain.subarray(a, a + rank * module.in),
      );
      expect(parameters.subarray(b, b + rank * module.out).every((value) => value === 0)).toBe(
        true,
      );
    }
  });

  test.runIf(useDora)('DoRA begins with the rows as they are with the start', () => {
    for (const slot of slots.filter(({ layer }) => layer === 0)) {
      const weight = held(slot.path);
      const made = product(parameters, slot).map((value, i) => value + (weight[i] ?? NaN));
      const { in: inputs, out } = slot.module;
      for (let row = 0; row < out; row++) {
        const length = Math.hypot(...made.subarray(row * inputs, (row + 1) * inputs));
        const magnitude = parameters[(slot.m ?? NaN) + row] ?? NaN;
        // Each number is a sum of r + 1, rounded r times, and the length is rounded once.
        expect(Math.abs(magnitude / length - 1)).toBeLessThan(gamma(2 * rank + 2) * 4);
      }
    }
  });
});
