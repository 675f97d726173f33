/** How far a composed module is from the weighted sum T of its parts: out of the graph, and as they are told. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { TensorData } from '../runtime/tensor-data.ts';
import { doublesOf, fetchable } from './doubles.ts';

export type Distance = {
  /** ‖T‖² */
  squaredTarget: number;
  /** ‖Δ′ − T‖² */
  squaredError: number;
};

export type Figures = Distance & {
  /** Of T, descending. */
  singularValues: readonly number[];
};

/** Float64: values [n], the others scalars. `size` is a bound of ‖T‖ that the parts have each by itself. */
type GraphFigures = Record<
  'singularValues' | 'halfSquaredTarget' | 'halfSquaredError' | 'size',
  Tensor
>;

/** All of them as one tensor that can be fetched, the scalars first. */
export function figuresOf(figures: GraphFigures): Tensor {
  const { halfSquaredError, halfSquaredTarget, size, singularValues } = figures;
  const scalars = [halfSquaredError, halfSquaredTarget, size].map((x) => o.reshape(x, [1]));
  return fetchable(o.concat([...scalars, singularValues], 0));
}

/** Of parts that cancel float64 leaves so much: some roundings of 1e-16 for each of the sums that a norm is made of. */
const cancelled = 1e-14;

export function readFigures(fetched: TensorData | undefined): Figures {
  const [error = NaN, target = NaN, size = NaN, ...singularValues] = doublesOf(fetched);
  const isNothing = Math.sqrt(2 * target) <= cancelled * size;
  return isNothing
    ? { singularValues: singularValues.map(() => 0), squaredTarget: 0, squaredError: 0 }
    : { singularValues, squaredTarget: 2 * target, squaredError: 2 * error };
}

/** ‖Δ′ − T‖ / ‖T‖ over these modules together; 0 where T is 0. */
export function relativeError(figures: readonly Distance[]): number {
  const sum = (key: keyof Distance) => figures.reduce((all, each) => all + each[key], 0);
  const target = sum('squaredTarget');
  return target === 0 ? 0 : Math.sqrt(sum('squaredError') / target);
}
