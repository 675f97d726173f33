/** What each rank of the adapters on a group counts in each row: the same for most layers, and computed once for all of them. */
import type { DType } from '../graph/dtype.ts';
import type { NamedTensor } from '../graph/named-tensors.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import { scalingMatrix, slotsOn, totalRank } from './adapter-matrices.ts';
import type { SlotShape } from './layer-slots.ts';
import type { LinearGroup } from './linear-groups.ts';

/** By a name that slots with equal ranks, scalings and adapters share. */
export function rankGatesName(slots: readonly SlotShape[]): string {
  return `ranks ${JSON.stringify(slots.map(({ adapter, rank, scaling }) => [adapter, rank, scaling]))}`;
}

export class RankGates {
  private readonly gates: Tensor;
  private readonly dtype: DType;
  private readonly known = new Map<string, Tensor>();

  /**
   * @param gates [N, k]
   * @param dtype of the products that they weigh
   */
  constructor(gates: Tensor, dtype: DType) {
    this.gates = gates;
    this.dtype = dtype;
  }

  /** gate · scaling [N, R] for each group of a layer that has slots, by `rankGatesName`. */
  of(groups: readonly LinearGroup[], slots: readonly SlotShape[]): NamedTensor[] {
    const own = groups.map((group) => slotsOn(group, slots)).filter(({ length }) => length > 0);
    const entries = own.map((each) => [rankGatesName(each), this.tensorOf(each)] as const);
    return [...new Map(entries)];
  }

  private tensorOf(slots: readonly SlotShape[]): Tensor {
    const name = rankGatesName(slots);
    const found = this.known.get(name) ?? this.computed(slots);
    this.known.set(name, found);
    return found;
  }

  private computed(slots: readonly SlotShape[]): Tensor {
    const { gates, dtype } = this;
    const adapters = sizeAt(gates.shape, 1);
    const scalings = scalingMatrix(gates.node.scope, slots, totalRank(slots), adapters);
    return o.cast(o.matmul(gates, scalings, { transposeB: true }), dtype);
  }
}
