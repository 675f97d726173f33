/** What one adapter has in one layer as one vector: A, B and, with DoRA, the magnitude of one module after another. */
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Shape } from '../graph/shape.ts';
import type { AdapterRanks, AdapterWeights } from './adapter-matrices.ts';

/** The part of `AdapterRanks` that says what lies in the vector. */
type VectorPart = Pick<AdapterRanks, 'module' | 'rank' | 'dora'>;

/** The modules' weights, each row-major in the vector [Σ rank · (in + out), and out for each magnitude]. */
export function cutVector<P extends VectorPart>(
  vector: Tensor,
  parts: readonly P[],
): (P & AdapterWeights<Tensor>)[] {
  const sizes = parts.flatMap(({ module, rank, dora }) => [
    rank * module.in,
    module.out * rank,
    ...(dora ? [module.out] : []),
  ]);
  const pieces = o.split(vector, sizes, 0).values();
  const next = (shape: Shape) => o.reshape(present(pieces.next().value), shape);
  return parts.map((part) => {
    const { module, rank, dora } = part;
    const a = next([rank, module.in]);
    const b = next([module.out, rank]);
    return { ...part, a, b, magnitude: dora ? next([module.out]) : null };
  });
}
