/** A linear layer as generation reads it: nothing of it depends on the token, so that all is prepared beforehand. */
import type { Tensor } from '../graph/node.ts';
import type { AdapterMatrices, AdapterRanks } from './adapter-matrices.ts';
import { projectPrepared } from './projection.ts';

export type CachedProjection = {
  /** W [Σ out, in] */
  weight: Tensor;
  parts: readonly AdapterRanks[];
  /** Null without adapters. */
  matrices: AdapterMatrices<Tensor> | null;
};

/** As `project`. x [N, in], gates [N, k] → terms [N, Σ out]. */
export function cachedProduct(
  { weight, parts, matrices }: CachedProjection,
  x: Tensor,
  gates: Tensor,
): Tensor[] {
  return projectPrepared(x, weight, parts, matrices, { gates, dropout: null });
}

/** The tensors in it, as arguments of a function. */
export function tensorsOf({ weight, matrices }: CachedProjection): Tensor[] {
  const { a, b, growth } = matrices ?? { a: null, b: null, growth: null };
  return [weight, a, b, growth].filter((tensor) => tensor !== null);
}

/** The same with other tensors, taken in the order of `tensorsOf`: inside the function. */
export function withTensors(projection: CachedProjection, next: () => Tensor): CachedProjection {
  const { parts, matrices } = projection;
  return {
    weight: next(),
    parts,
    matrices: matrices && { a: next(), b: next(), growth: matrices.growth && next() },
  };
}
