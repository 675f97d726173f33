/** Linear layers with the same input, computed as one product, with the adapters of a bank on them. */
import { keepable } from '../graph/gradients/keep.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import {
  adapterMatrices,
  partsOn,
  scalingMatrix,
  type AdapterMatrices,
  type AdapterPart,
  type AdapterRanks,
} from './adapter-matrices.ts';
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
  const parts = partsOn(projection, given);
  const adapters = sizeAt(inputs.gates.shape, 1);
  const matrices = adapterMatrices(projection, weight, parts, adapters);
  return projectPrepared(x, weight, parts, matrices, inputs);
}

/** The same with matrices made beforehand from these parts, in the order of `partsOn`. */
export function projectPrepared(
  x: Tensor,
  weight: Tensor,
  parts: readonly AdapterRanks[],
  matrices: AdapterMatrices<Tensor> | null,
  { gates, dropout }: AdapterInputs,
): Tensor[] {
  const base = o.matmul(x, weight, { transposeB: true });
  if (!matrices) return [base];
  const { a, b, growth } = matrices;
  const adapterInput = dropout ? dropOut(x, dropout) : x;
  const low = keepable(o.matmul(adapterInput, o.cast(a, x.dtype), { transposeB: true }));
  const scale = o.matmul(gates, scalingMatrix(gates, parts));
  const gated = o.mul(low, o.cast(scale, x.dtype));
  const delta = o.matmul(gated, o.cast(b, x.dtype), { transposeB: true });
  if (!growth) return [base, delta];
  const scales = o.add(o.matmul(gates, growth), 1);
  return [o.mul(base, o.cast(scales, x.dtype)), delta];
}

/** Inverted dropout: zero with probability `rate`, else divided by 1 − rate. The same seed drops the same elements. */
function dropOut(x: Tensor, { rate, seed }: { rate: number; seed: Tensor }): Tensor {
  const kept = o.greaterEqual(o.statelessUniform(seed, x.shape), rate);
  const scale = o.mul(o.cast(kept, 'float32'), 1 / (1 - rate));
  return o.mul(x, o.cast(scale, x.dtype));
}
