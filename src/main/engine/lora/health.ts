/** How an adapter is doing while it trains, module by module, from its numbers and their gradient. */
import type { ModuleHealth } from '../../../shared/contract/run-points.ts';
import type { BaseNorms } from './base-norms.ts';
import type { ChangeRows } from './change-rows.ts';
import type { BankLayout, Slot } from './layout.ts';
import { learningParts, type Range } from './learning-parts.ts';
import { squaredNorm } from './row-lengths.ts';

/** All of one moment: after an update, with the gradient that it was made from. */
export type AdapterState = {
  layout: BankLayout;
  /** [P] */
  parameters: Float32Array;
  /** [P] before clipping. */
  gradient: Float32Array;
  changes: ChangeRows<Float32Array>;
  base: BaseNorms;
};

/**
 * Frobenius norms of every module of every adapter, in the order of the layout: ‖A‖ and ‖B‖ of the ranks that learn,
 * ‖ΔW‖ / ‖W‖ of all ranks, and the norm of the gradient of all that learns. ΔW is what the module's matrix has
 * become, less W: scaling · B·A, and with DoRA magnitude / ‖W + scaling · B·A‖ · (W + scaling · B·A) − W. The matrices that
 * every expert of a layer has count as one.
 */
export function adapterHealth(state: AdapterState): ModuleHealth[][] {
  const rows = rowReader(state.changes);
  return state.layout.adapters.map(({ slots }) => {
    const squares = new Map(slots.map((slot) => [slot, squaresOf(state, slot, rows(slot))]));
    return byModule(slots).map(({ layer, module, slots: own }): ModuleHealth => {
      const sum = own.flatMap((slot) => squares.get(slot) ?? []).reduce(added);
      return {
        layer,
        module,
        normA: root(sum.a),
        normB: root(sum.b),
        deltaRatio: root(sum.change / sum.base),
        gradientNorm: root(sum.gradient),
      };
    });
  });
}

/** The slots of a reading's modules: those of all experts of a layer together. */
export function byModule(
  slots: readonly Slot[],
): { layer: number; module: string; slots: readonly Slot[] }[] {
  const found = new Map<string, { layer: number; module: string; slots: Slot[] }>();
  for (const slot of slots) {
    const { layer, module } = slot;
    const key = `${layer} ${module.name}`;
    const known = found.get(key);
    if (known) known.slots.push(slot);
    else found.set(key, { layer, module: module.name, slots: [slot] });
  }
  return [...found.values()];
}

/** Squared norms of one module. */
type Squares = Readonly<Record<'a' | 'b' | 'change' | 'base' | 'gradient', number>>;

function squaresOf(state: AdapterState, slot: Slot, rows: ChangeRows<Float32Array>): Squares {
  const parts = learningParts(slot);
  const square = (values: Float32Array, ranges: Range[]) =>
    ranges.reduce((sum, range) => sum + squaredNorm(values, ...range), 0);
  return {
    a: square(state.parameters, parts.a),
    b: square(state.parameters, parts.b),
    ...changeOf(state, slot, rows),
    gradient: square(state.gradient, [...parts.a, ...parts.b, ...parts.m]),
  };
}

function added(one: Squares, other: Squares): Squares {
  return {
    a: one.a + other.a,
    b: one.b + other.b,
    change: one.change + other.change,
    base: one.base + other.base,
    gradient: one.gradient + other.gradient,
  };
}

/** Gives the rows of one module after another. */
function rowReader({ squares, overlaps }: ChangeRows<Float32Array>) {
  let square = 0;
  let overlap = 0;
  return ({ module: { out }, dora }: Slot): ChangeRows<Float32Array> => {
    square += out;
    if (dora) overlap += out;
    return {
      squares: squares.subarray(square - out, square),
      overlaps: (dora && overlaps?.subarray(overlap - out, overlap)) || null,
    };
  };
}

/**
 * The square root to five digits. Null where the square is no finite float32, the type in which the training step computes it.
 */
function root(square: number): number | null {
  return Number.isFinite(Math.fround(square)) ? Number(Math.sqrt(square).toPrecision(5)) : null;
}

/** ‖ΔW‖² and ‖W‖². */
function changeOf(
  { parameters, base }: AdapterState,
  slot: Slot,
  { squares, overlaps }: ChangeRows<Float32Array>,
): Pick<Squares, 'change' | 'base'> {
  const { m, scaling } = slot;
  const baseRows = base.get(slot.path) ?? new Float64Array(squares.length);
  const factor = scaling ** 2;
  let change = 0;
  for (let row = 0; row < squares.length; row++) {
    const dd = factor * (squares[row] ?? NaN);
    if (m === null) change += dd;
    else {
      const wd = scaling * (overlaps?.[row] ?? NaN);
      change += doraChange(baseRows[row] ?? NaN, wd, dd, parameters[m + row] ?? NaN);
    }
  }
  return { change, base: baseRows.reduce((sum, square) => sum + square, 0) };
}

/**
 * ‖row of ΔW‖² with DoRA, from w·w, w·d and d·d for the rows w of W and d of scaling · B·A. With g = magnitude / ‖w + d‖
 * that row is (g − 1)·w + g·d: written so, a small change is no difference of large numbers.
 */
function doraChange(ww: number, wd: number, dd: number, magnitude: number): number {
  const g = magnitude / Math.sqrt(ww + 2 * wd + dd);
  return (g - 1) ** 2 * ww + 2 * g * (g - 1) * wd + g ** 2 * dd;
}
