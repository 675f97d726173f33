/** Linear layers with the same input, computed as one product, with the adapters of a bank on them. */
import { keepable } from '../graph/gradients/keep.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import { linearModules, type LinearLayer, type ModelConfig } from './config.ts';

/** Its weight [Σ out, in] holds its modules' weights one below the other. */
export type Projection = { name: string; modules: readonly LinearLayer[]; in: number; out: number };

/** The products of a LLaMA layer in the order of the forward pass: q, k and v share one, gate and up another. */
export function projections(config: ModelConfig): Projection[] {
  const groups: Record<string, readonly string[]> = {
    qkv: ['q_proj', 'k_proj', 'v_proj'],
    o: ['o_proj'],
    gate_up: ['gate_proj', 'up_proj'],
    down: ['down_proj'],
  };
  const all = linearModules(config);
  return Object.entries(groups).map(([name, names]) => {
    const modules = all.filter((module) => names.includes(module.name));
    const out = modules.reduce((total, module) => total + module.out, 0);
    return { name, modules, in: modules[0]?.in ?? 0, out };
  });
}

/** A [rank, in] and B [out, rank] of one adapter on one module; DoRA's magnitude [out]. */
export type AdapterWeights<T> = { a: T; b: T; magnitude: T | null };

/** One adapter on one module of a projection. */
export type AdapterPart = AdapterWeights<Tensor> & {
  /** Which adapter of the bank; its column of the gates. */
  adapter: number;
  module: string;
  rank: number;
  scaling: number;
  dora: boolean;
};

/** What switches adapters: gates [N, k] weigh the k adapters for every token; dropout is for training. */
export type AdapterInputs = {
  gates: Tensor;
  dropout: { rate: number; seed: Tensor } | null;
};

/**
 * x·Wᵀ and, with adapters, Σ gate · scaling · (x·Aᵀ)·Bᵀ (Hu et al. 2021, arXiv:2106.09685), as terms still to be added:
 * the element-wise work that follows adds them in the same pass over memory. x [N, in] → each term [N, Σ out].
 */
export function project(
  projection: Projection,
  x: Tensor,
  weight: Tensor,
  given: readonly AdapterPart[],
  inputs: AdapterInputs,
): Tensor[] {
  const base = o.matmul(x, weight, { transposeB: true });
  // A module's ranks lie side by side, whichever adapters they belong to.
  const parts = projection.modules.flatMap(({ name }) =>
    given.filter((part) => part.module === name),
  );
  if (parts.length === 0) return [base];
  const rank = parts.reduce((total, part) => total + part.rank, 0);
  const a = o.cast(
    o.concat(
      parts.map((part) => part.a),
      0,
    ),
    x.dtype,
  );
  const adapterInput = inputs.dropout ? dropOut(x, inputs.dropout) : x;
  const low = keepable(o.matmul(adapterInput, a, { transposeB: true }));
  const scale = o.matmul(inputs.gates, scalingMatrix(inputs.gates, parts, rank));
  const gated = o.mul(low, o.cast(scale, x.dtype));
  const ratios = parts.map((part) => doraRatio(projection, weight, part));
  const scaled = parts.map((part, i) => scaleRows(part, ratios[i] ?? null));
  const high = blockDiagonal(projection, scaled, rank);
  const delta = o.matmul(gated, o.cast(high, x.dtype), { transposeB: true });
  if (ratios.every((ratio) => ratio === null)) return [base, delta];
  const scales = o.add(o.matmul(inputs.gates, ratioMatrix(projection, parts, ratios, inputs)), 1);
  return [o.mul(base, o.cast(scales, x.dtype)), delta];
}

/**
 * DoRA (Liu et al. 2024, arXiv:2402.09353, as in PEFT): magnitude / ‖W + ΔW‖ for every row of the module [out], the length
 * held constant in the backward pass; null for an adapter without magnitudes. The adapted product is ratio · (x·Wᵀ + x·ΔWᵀ):
 * the ratio less 1 weighs the base's product, and the ratio goes into B, so that gates stay weights of whole adapters.
 */
function doraRatio(projection: Projection, weight: Tensor, part: AdapterPart): Tensor | null {
  if (!part.magnitude) return null;
  const index = projection.modules.findIndex(({ name }) => name === part.module);
  const rows = o.split(
    weight,
    projection.modules.map(({ out }) => out),
    0,
  );
  const own = o.cast(present(rows[index]), 'float32');
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
  projection: Projection,
  parts: readonly AdapterPart[],
  ratios: readonly (Tensor | null)[],
  { gates }: AdapterInputs,
): Tensor {
  const zeros = (size: number) => o.broadcastTo(o.floats(gates.node.scope, [0], [1]), [size]);
  const rows = Array.from({ length: sizeAt(gates.shape, 1) }, (_, adapter) => {
    const pieces = projection.modules.map(({ name, out }) => {
      const at = parts.findIndex((part) => part.adapter === adapter && part.module === name);
      const ratio = ratios[at] ?? null;
      return ratio ? o.sub(ratio, 1) : zeros(out);
    });
    return o.reshape(o.concat(pieces, 0), [1, projection.out]);
  });
  return o.concat(rows, 0);
}

/** [k, R]: row i holds adapter i's scaling in the columns of its ranks. */
function scalingMatrix(gates: Tensor, parts: readonly AdapterPart[], rank: number): Tensor {
  const adapters = sizeAt(gates.shape, 1);
  const rows = Array.from({ length: adapters }, (_, row) =>
    parts.flatMap((part) => {
      const value = part.adapter === row ? part.scaling : 0;
      return Array.from({ length: part.rank }, () => value);
    }),
  );
  return o.floats(gates.node.scope, rows.flat(), [adapters, rank]);
}

/** [Σ out, R]: every part's B at the rows of its module and the columns of its ranks. */
function blockDiagonal(
  projection: Projection,
  parts: readonly AdapterPart[],
  rank: number,
): Tensor {
  let column = 0;
  const placed = parts.map((part) => {
    const begin = column;
    column += part.rank;
    return { ...part, begin, end: column };
  });
  const scope = present(parts[0]?.b).node.scope;
  const rows = projection.modules.map((module) => {
    const own = placed.filter((part) => part.module === module.name);
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

/** Inverted dropout: zero with probability `rate`, else divided by 1 − rate. The same seed drops the same elements. */
function dropOut(x: Tensor, { rate, seed }: { rate: number; seed: Tensor }): Tensor {
  const kept = o.greaterEqual(o.statelessUniform(seed, x.shape), rate);
  const scale = o.mul(o.cast(kept, 'float32'), 1 / (1 - rate));
  return o.mul(x, o.cast(scale, x.dtype));
}
