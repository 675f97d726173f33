/** Element-wise work between matrix products, compiled by XLA into one pass over memory. */
import { call, defineFunction } from './function.ts';
import { present, type Tensor } from './node.ts';

/**
 * Where XLA compiles. 'islands' (CPU): the element-wise work between matrix products, which stay nodes of the graph,
 * because XLA's CPU products are slower. 'layers' (GPU): whole layers, and the element-wise work outside of them, where a
 * kernel for each node would cost more than the node. 'none': nothing, where a processor computes
 * too little to earn compiling back (policy.ts).
 */
export type Fusion = 'islands' | 'layers' | 'none';

/**
 * Wraps `body` in a function that XLA compiles. Writes it in place where nothing is compiled, or where the layer around it
 * is already compiled as a whole.
 */
export function island(
  fusion: Fusion,
  name: string,
  inputs: readonly Tensor[],
  body: (inputs: readonly Tensor[]) => readonly Tensor[],
): readonly Tensor[] {
  const inLayer = fusion === 'layers' && !inputs.some(({ node }) => node.scope.main);
  if (fusion === 'none' || inLayer) return body(inputs);
  return call(defineFunction(name, inputs, body, { compiled: true }), inputs);
}

/** The same with names for the inputs, for islands that have many. */
export function namedIsland<K extends string>(
  fusion: Fusion,
  name: string,
  inputs: Readonly<Record<K, Tensor>>,
  body: (inputs: Readonly<Record<K, Tensor>>) => readonly Tensor[],
): readonly Tensor[] {
  const names = Object.keys(inputs);
  const tensors: readonly Tensor[] = Object.values(inputs);
  return island(fusion, name, tensors, (parameters) => {
    const named = names.map((key, i) => [key, present(parameters[i])]);
    // The same keys as `inputs` has, which TypeScript does not follow through entries.
    return body(Object.fromEntries(named) as Record<K, Tensor>);
  });
}
