/** The adapters on one group of linear layers as two matrices, whatever their number. */
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import type { LinearLayer } from './architecture.ts';
import type { BaseMatrix } from './base-matrix.ts';
import { firstRow, type LinearGroup } from './linear-groups.ts';

/** A [rank, in] and B [out, rank] of one adapter on one module; DoRA's magnitude [out]. */
export type AdapterWeights<T> = { a: T; b: T; magnitude: T | null };

/** What is known of one adapter on one module before its weights are. */
export type AdapterRanks = {
  /** Which adapter of the bank; its column of the gates. */
  adapter: number;
  module: LinearLayer;
  rank: number;
  scaling: number;
  dora: boolean;
};

/** One adapter on one module of a group. */
export type AdapterPart = AdapterRanks & AdapterWeights<Tensor>;

/**
 * A's one below the other [R, in], and B's on a block diagonal [Σ out, R] at the rows of their modules. With DoRA, how much
 * larger each adapter makes each row of the base's product at gate 1 [k, Σ out].
 */
export type AdapterMatrices<T> = { a: T; b: T; ratiosMinusOne: T | null };

/** Those on modules of this group: a module's ranks lie side by side, whichever adapters they belong to. */
export function partsOn<T extends AdapterRanks>(group: LinearGroup, parts: readonly T[]): T[] {
  return group.modules.flatMap(({ path }) => parts.filter((part) => part.module.path === path));
}

/**
 * The matrices of a group with this base matrix, float32; null without parts.
 * @param parts as from `partsOn`
 * @param adapters k, how many the bank has
 */
export function adapterMatrices(
  group: LinearGroup,
  base: BaseMatrix,
  parts: readonly AdapterPart[],
  adapters: number,
): AdapterMatrices<Tensor> | null {
  if (parts.length === 0) return null;
  const a = o.concat(
    parts.map((part) => part.a),
    0,
  );
  const ratios = parts.map((part) => doraRatio(group, base, part));
  const scaled = parts.map((part, i) => scaleRows(part, ratios[i] ?? null));
  const b = blockDiagonal(group, scaled);
  const dora = ratios.some((ratio) => ratio !== null);
  return { a, b, ratiosMinusOne: dora ? ratioMatrix(group, parts, ratios, adapters) : null };
}

/**
 * DoRA (Liu et al. 2024, arXiv:2402.09353, as in PEFT): magnitude / ‖W + ΔW‖ for every row of the module [out], the length
 * held constant in the backward pass; null for an adapter without magnitudes. The adapted product is ratio · (x·Wᵀ + x·ΔWᵀ):
 * the ratio less 1 weighs the base's product, and the ratio goes into B, so that gates stay weights of whole adapters.
 */
function doraRatio(group: LinearGroup, base: BaseMatrix, part: AdapterPart): Tensor | null {
  if (!part.magnitude) return null;
  const begin = firstRow(group, part.module.path) ?? 0;
  const rows = o.slice(base.dense(), [begin, 0], [part.module.out, base.in]);
  const own = o.cast(rows, 'float32');
  const updated = o.add(own, o.matmul(part.b, o.mul(part.a, part.scaling)));
  const norm = o.stopGradient(o.sqrt(o.sum(o.mul(updated, updated), [-1])));
  return o.div(part.magnitude, norm);
}

function scaleRows(part: AdapterPart, ratio: Tensor | null): AdapterPart {
  if (!ratio) return part;
  return { ...part, b: o.mul(part.b, o.reshape(ratio, [sizeAt(ratio.shape, 0), 1])) };
}

/** [k, Σ out]: row i holds adapter i's ratios less 1, and 0 where it has none. */
function ratioMatrix(
  group: LinearGroup,
  parts: readonly AdapterPart[],
  ratios: readonly (Tensor | null)[],
  adapters: number,
): Tensor {
  const scope = present(parts[0]?.b).node.scope;
  const zeros = (size: number) => o.broadcastTo(o.floats(scope, [0], [1]), [size]);
  const rows = Array.from({ length: adapters }, (_, adapter) => {
    const pieces = group.modules.map(({ path, out }) => {
      const at = parts.findIndex((part) => part.adapter === adapter && part.module.path === path);
      const ratio = ratios[at] ?? null;
      return ratio ? o.sub(ratio, 1) : zeros(out);
    });
    return o.reshape(o.concat(pieces, 0), [1, group.out]);
  });
  return o.concat(rows, 0);
}

/** [k, R]: row i holds adapter i's scaling in the columns of its ranks. */
export function scalingMatrix(gates: Tensor, parts: readonly AdapterRanks[]): Tensor {
  const adapters = sizeAt(gates.shape, 1);
  const rows = Array.from({ length: adapters }, (_, row) =>
    parts.flatMap((part) => {
      const value = part.adapter === row ? part.scaling : 0;
      return Array.from({ length: part.rank }, () => value);
    }),
  );
  return o.floats(gates.node.scope, rows.flat(), [adapters, totalRank(parts)]);
}

function totalRank(parts: readonly AdapterRanks[]): number {
  return parts.reduce((total, part) => total + part.rank, 0);
}

/** [Σ out, R]: every part's B at the rows of its module and the columns of its ranks. */
function blockDiagonal(group: LinearGroup, parts: readonly AdapterPart[]): Tensor {
  const rank = totalRank(parts);
  let column = 0;
  const placed = parts.map((part) => {
    const begin = column;
    column += part.rank;
    return { ...part, begin, end: column };
  });
  const scope = present(parts[0]?.b).node.scope;
  const rows = group.modules.map((module) => {
    const own = placed.filter((part) => part.module.path === module.path);
    const first = own[0];
    const last = own.at(-1);
    if (!first || !last) return o.broadcastTo(o.floats(scope, [0], [1, 1]), [module.out, rank]);
    const block = o.concat(
      own.map((part) => part.b),
      1,
    );
    const padded = first.begin > 0 || last.end < rank;
    return padded ? o.pad(block, [0, first.begin], [0, rank - last.end]) : block;
  });
  return o.concat(rows, 0);
}
