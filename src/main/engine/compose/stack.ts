/** Adapters of one module beside each other: their weighted sum as one product. */
import type { AdapterModule } from '../checkpoint/adapter.ts';
import type { ModulePart } from './parts.ts';

/** A · B of some rank, without what says how they came about. */
export type ModuleFactors = Pick<AdapterModule, 'rank' | 'a' | 'b' | 'in' | 'out'>;

/** Σ wᵢ·scalingᵢ·Bᵢ·Aᵢ = b · diag(scales) · a, with a [rank, in] and b [out, rank] as they are in the files. */
export type Stacked = ModuleFactors & {
  /** wᵢ·scalingᵢ for each of the ranks. */
  scales: Float64Array;
};

/** Parts without DoRA, at least one. */
export function stack(parts: readonly ModulePart[]): Stacked {
  const { in: inputs, out } = parts[0]?.module ?? { in: 0, out: 0 };
  const rank = parts.reduce((sum, { module }) => sum + module.rank, 0);
  const stacked: Stacked = {
    ...{ rank, in: inputs, out },
    a: new Float32Array(rank * inputs),
    b: new Float32Array(out * rank),
    scales: new Float64Array(rank),
  };
  let first = 0;
  for (const { module, weight } of parts) {
    stacked.a.set(module.a, first * inputs);
    for (let row = 0; row < out; row++) {
      for (let k = 0; k < module.rank; k++) {
        stacked.b[row * rank + first + k] = module.b[row * module.rank + k] ?? 0;
      }
    }
    stacked.scales.fill(weight * module.scaling, first, first + module.rank);
    first += module.rank;
  }
  return stacked;
}

/** The sum as an adapter with scaling 1: A is as it was, B takes the scales, which rounds each of its numbers once. */
export function scaledFactors({ scales, ...factors }: Stacked): ModuleFactors {
  const { rank, out } = factors;
  const b = new Float32Array(out * rank);
  for (let k = 0; k < rank; k++) {
    const scale = scales[k] ?? 0;
    for (let i = k; i < b.length; i += rank) b[i] = scale * (factors.b[i] ?? 0);
  }
  return { ...factors, b };
}
