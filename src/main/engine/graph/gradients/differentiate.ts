/** A function becomes the pair of its forward and its backward function. */
import type { GraphFunction } from '../function.ts';
import { functionPair, type Differentiated, type PairOptions } from './function-pair.ts';
import { gradients } from './gradients.ts';

/** The pair of `fn`; throws a GraphError when an operation of its body has no gradient rule. */
export function differentiate(fn: GraphFunction, options: PairOptions): Differentiated {
  return functionPair(fn, options, gradients);
}
