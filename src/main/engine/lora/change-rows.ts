/** How much each row of the base matrices is changed, computed where the matrices lie: on the device. */
import { call, defineFunction } from '../graph/function.ts';
import { GraphError, present, type Node, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { floatMatrix, matricesFrom, type BaseMatrix } from '../model/base-matrix.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import { linearsOf, type Architecture } from '../model/architecture.ts';
import { fillSlots, type SlotWeights } from '../model/layer-slots.ts';
import { firstRow, linearGroups } from '../model/linear-groups.ts';
import type { BankSlots } from './bank.ts';
import type { Slot } from './layout.ts';

/** Rows of D = B·A, of the slots in the order of the layout; one number T for each row. */
export type ChangeRows<T> = {
  /** ‖d‖², [Σ out of all slots]. */
  squares: T;
  /** w·d with the same row of W, [Σ out of the slots with DoRA]; null where none has it. */
  overlaps: T | null;
};

export function changeRows(
  bank: readonly BankSlots[],
  weights: BaseWeights,
  architecture: Architecture,
): ChangeRows<Tensor> {
  // One after another: matrices that are held packed are unpacked for one layer at a time.
  let before: Node[] = [];
  const found = bank.map((slots) => {
    const rows = rowsOfLayer(slots, weights, architecture, before);
    if (rows.overlaps) before = [rows.squares.node];
    return rows;
  });
  const overlaps = found.flatMap((rows) => rows.overlaps ?? []);
  return {
    squares: o.concat(
      found.map(({ squares }) => squares),
      0,
    ),
    overlaps: overlaps.length === 0 ? null : o.concat(overlaps, 0),
  };
}

/**
 * Nothing of the size of W is made, but where W is held packed: ‖d‖² is a row of B ∘ (B·(A·Aᵀ)), w·d one of B ∘ (W·Aᵀ). A function, which layers
 * with the same modules share.
 */
function rowsOfLayer(
  { vector, slots }: BankSlots,
  weights: BaseWeights,
  architecture: Architecture,
  before: readonly Node[],
): ChangeRows<Tensor> {
  const matrixBySlot = new Map(
    slots
      .filter(({ dora }) => dora)
      .map((slot) => [slot.path, matrixOf(slot, weights, architecture)]),
  );
  // Modules of one group have one matrix.
  const matrices = [...new Set(matrixBySlot.values())];
  const args = [vector, ...matrices.flatMap(({ tensors }) => tensors)];
  const fn = defineFunction(
    'change_rows',
    args,
    ([parameters, ...bases]) => {
      const own = matricesFrom(matrices, bases);
      const inside = new Map(matrices.map((matrix, i) => [matrix, own[i]]));
      const squares: Tensor[] = [];
      const overlaps: Tensor[] = [];
      for (const slot of fillSlots(present(parameters), slots)) {
        const { a, b } = withoutCancelling(slot);
        const low = o.matmul(b, o.matmul(a, a, { transposeB: true }));
        squares.push(o.sum(o.mul(low, b), [-1]));
        const outside = matrixBySlot.get(slot.path);
        const matrix = outside && inside.get(outside);
        if (!matrix) continue;
        const w = baseRows(slot, matrix, architecture);
        const wa = o.matmul(w, o.cast(a, w.dtype), { transposeB: true });
        overlaps.push(o.sum(o.mul(o.cast(wa, 'float32'), b), [-1]));
      }
      return [squares, overlaps].filter((rows) => rows.length > 0).map((rows) => o.concat(rows, 0));
    },
    { compiled: false },
  );
  const [squares, overlaps = null] = call(fn, args, before);
  return { squares: present(squares), overlaps };
}

type SlotFactors = Pick<Slot, 'rank' | 'frozenRank' | 'module'> & SlotWeights<Tensor>;

/**
 * The same product from other factors. With frozen ranks B·A is B₁·A₁ − B₀·A₀, a small difference of large matrices;
 * it is also (B₁ − B₀)·A₁ + B₀·(A₁ − A₀), which loses nothing.
 */
function withoutCancelling(slot: SlotFactors): Pick<SlotFactors, 'a' | 'b'> {
  const { a, b, rank, frozenRank, module } = slot;
  if (frozenRank === 0) return { a, b };
  const learning = rank - frozenRank;
  const learntA = o.slice(a, [0, 0], [learning, module.in]);
  const frozenA = o.slice(a, [learning, 0], [frozenRank, module.in]);
  const learntB = o.slice(b, [0, 0], [module.out, learning]);
  const minusFrozenB = o.slice(b, [0, learning], [module.out, frozenRank]);
  return {
    a: o.concat([learntA, o.sub(frozenA, learntA)], 0),
    b: o.concat([o.add(learntB, minusFrozenB), minusFrozenB], 1),
  };
}

/** The matrix that holds the module's: its group's, or its own in a head. */
function matrixOf({ layer, module }: Slot, weights: BaseWeights, architecture: Architecture) {
  if (architecture.head.linears.includes(module)) {
    return floatMatrix(weights.outside('none').vector(`${module.path}.weight`));
  }
  const matrix = weights.layers[layer]?.groups.get(module.group)?.matrix;
  if (!matrix) throw new GraphError(`layer ${layer} has no ${module.path}`);
  return matrix;
}

/** The module's W [out, in], cut out of the matrix that holds it. */
function baseRows({ layer, module }: Slot, matrix: BaseMatrix, architecture: Architecture): Tensor {
  if (architecture.head.linears.includes(module)) return matrix.dense();
  const groups = linearGroups(linearsOf(architecture, layer));
  const group = groups.find(({ name }) => name === module.group);
  const begin = group && firstRow(group, module.path);
  if (begin === undefined) throw new GraphError(`layer ${layer} has no ${module.path}`);
  return o.slice(matrix.dense(), [begin, 0], [module.out, module.in]);
}
