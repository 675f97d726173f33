/** Two matrices that hold any number of adapters on one group of linear layers. */
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt, type Shape } from '../graph/shape.ts';
import type { BaseMatrix } from './base-matrix.ts';
import type { FilledSlot, SlotShape } from './layer-slots.ts';
import { firstRow, type LinearGroup } from './linear-groups.ts';

/**
 * The slots of one group together: A's one below the other [R, in], and B's on a block diagonal [Σ out, R] at the rows of
 * their modules. With DoRA, magnitude / ‖W + ΔW‖ − 1 of each adapter for each row of the base's product [Σ out, k].
 */
export type AdapterMatrices<T> = { a: T; b: T; ratiosMinusOne: T | null };

/** A group's base matrix [Σ out, in], and the adapters on it; `matrices` is null without any. */
export type AdaptedGroup = {
  base: BaseMatrix;
  /** In the order of `slotsOn`. */
  slots: readonly SlotShape[];
  matrices: AdapterMatrices<Tensor> | null;
};

/** The slots on modules of this group: a module's ranks lie side by side, whichever adapters they belong to. */
export function slotsOn<S extends SlotShape>(group: LinearGroup, slots: readonly S[]): S[] {
  return group.modules.flatMap(({ path }) => slots.filter((slot) => slot.module.path === path));
}

/**
 * The matrices of a group with this base matrix, float32; null without slots.
 * @param slots as from `slotsOn`
 * @param adapters k, how many the bank has
 */
export function adapterMatrices(
  group: LinearGroup,
  base: BaseMatrix,
  slots: readonly FilledSlot[],
  adapters: number,
): AdapterMatrices<Tensor> | null {
  if (slots.length === 0) return null;
  const a = o.concat(
    slots.map((slot) => slot.a),
    0,
  );
  const ratios = slots.map((slot) => doraRatio(group, base, slot));
  const scaled = slots.map((slot, i) => scaleRows(slot, ratios[i] ?? null));
  const b = blockDiagonal(group, scaled);
  const dora = ratios.some((ratio) => ratio !== null);
  return { a, b, ratiosMinusOne: dora ? ratioMatrix(group, slots, ratios, adapters) : null };
}

/**
 * DoRA (Liu et al. 2024, arXiv:2402.09353, as in PEFT): magnitude / ‖W + ΔW‖ for every row of the module [out], the length
 * held constant in the backward pass; null for an adapter without magnitudes. The adapted product is ratio · (x·Wᵀ + x·ΔWᵀ).
 * The ratio minus 1 weighs the base's product, and B takes the ratio in, so that gates stay weights of whole adapters.
 */
function doraRatio(group: LinearGroup, base: BaseMatrix, slot: FilledSlot): Tensor | null {
  if (!slot.magnitude) return null;
  const begin = firstRow(group, slot.module.path) ?? 0;
  const rows = o.slice(base.dense(), [begin, 0], [slot.module.out, base.in]);
  const own = o.cast(rows, 'float32');
  const updated = o.add(own, o.matmul(slot.b, o.mul(slot.a, slot.scaling)));
  const norm = o.stopGradient(o.sqrt(o.sum(o.mul(updated, updated), [-1])));
  return o.div(slot.magnitude, norm);
}

function scaleRows(slot: FilledSlot, ratio: Tensor | null): FilledSlot {
  if (!ratio) return slot;
  return { ...slot, b: o.mul(slot.b, o.reshape(ratio, [sizeAt(ratio.shape, 0), 1])) };
}

/** [Σ out, k]: column i holds adapter i's ratios less 1, and 0 where it has none. */
function ratioMatrix(
  group: LinearGroup,
  slots: readonly FilledSlot[],
  ratios: readonly (Tensor | null)[],
  adapters: number,
): Tensor {
  const { scope } = present(slots[0]?.b).node;
  const columns = Array.from({ length: adapters }, (_, adapter) => {
    const pieces = group.modules.map(({ path, out }) => {
      const at = slots.findIndex((slot) => slot.adapter === adapter && slot.module.path === path);
      const ratio = ratios[at] ?? null;
      return ratio ? o.sub(ratio, 1) : zeros(scope, [out]);
    });
    return o.reshape(o.concat(pieces, 0), [group.out, 1]);
  });
  return o.concat(columns, 1);
}

function zeros(scope: Scope, shape: Shape): Tensor {
  return o.broadcastTo(
    o.floats(
      scope,
      [0],
      shape.map(() => 1),
    ),
    shape,
  );
}

/** [rank, k]: column i holds adapter i's scaling in the rows of its ranks; 0 in rows without one. */
export function scalingMatrix(
  scope: Scope,
  slots: readonly SlotShape[],
  rank: number,
  adapters: number,
): Tensor {
  const owners = slots.flatMap((slot) => Array.from({ length: slot.rank }, () => slot));
  const values = Array.from({ length: rank * adapters }, (_, i) => {
    const owner = owners[Math.floor(i / adapters)];
    return owner?.adapter === i % adapters ? owner.scaling : 0;
  });
  return o.floats(scope, values, [rank, adapters]);
}

/** Adapters on groups of one form as matrices of one form: ranks that a group lacks are zeros, and so are all of one without any. */
export function alike(
  groups: readonly AdaptedGroup[],
  rank: number,
  adapters: number,
): AdapterMatrices<Tensor>[] {
  const dora = groups.some(({ matrices }) => matrices?.ratiosMinusOne);
  return groups.map(({ base, slots, matrices }) => {
    const { scope } = present(base.tensors[0]).node;
    const missing = rank - totalRank(slots);
    const { a, b, ratiosMinusOne } = matrices ?? {
      a: zeros(scope, [rank, base.in]),
      b: zeros(scope, [base.out, rank]),
      ratiosMinusOne: null,
    };
    const padded = matrices !== null && missing > 0;
    return {
      a: padded ? o.pad(a, [0, 0], [missing, 0]) : a,
      b: padded ? o.pad(b, [0, 0], [0, missing]) : b,
      ratiosMinusOne: ratiosMinusOne ?? (dora ? zeros(scope, [base.out, adapters]) : null),
    };
  });
}

export function totalRank(slots: readonly SlotShape[]): number {
  return slots.reduce((total, slot) => total + slot.rank, 0);
}

/** [Σ out, R]: every slot's B at the rows of its module and the columns of its ranks. */
function blockDiagonal(group: LinearGroup, slots: readonly FilledSlot[]): Tensor {
  const rank = totalRank(slots);
  let column = 0;
  const placed = slots.map((slot) => {
    const begin = column;
    column += slot.rank;
    return { ...slot, begin, end: column };
  });
  const { scope } = present(slots[0]?.b).node;
  const rows = group.modules.map((module) => {
    const own = placed.filter((slot) => slot.module.path === module.path);
    const first = own[0];
    const last = own.at(-1);
    if (!first || !last) return zeros(scope, [module.out, rank]);
    const block = o.concat(
      own.map((slot) => slot.b),
      1,
    );
    const padded = first.begin > 0 || last.end < rank;
    return padded ? o.pad(block, [0, first.begin], [0, rank - last.end]) : block;
  });
  return o.concat(rows, 0);
}
