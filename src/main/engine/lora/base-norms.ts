/** How large the base matrices are that adapters sit on, noted while they are read for training. */
import type { WeightSource } from '../model/base-weights.ts';
import type { BankLayout } from './layout.ts';
import { squaredRowLengths } from './row-lengths.ts';

/** By module path ('model.layers.0.self_attn.q_proj'): the squared length of each row of W [out, in]. */
export type BaseNorms = ReadonlyMap<string, Float64Array>;

/**
 * The same source, which fills `norms` for the adapted modules as their weights are read, so that measuring them
 * costs no second reading of the model.
 */
export function notingNorms(
  source: WeightSource,
  layout: BankLayout,
): { source: WeightSource; norms: BaseNorms } {
  const norms = new Map<string, Float64Array>();
  const adapted = new Map<string, { path: string; out: number }>(
    layout.adapters.flatMap(({ slots }) =>
      slots.map(({ path, module }) => [`${path}.weight`, { path, out: module.out }] as const),
    ),
  );
  const read = (name: string) => {
    const values = source.read(name);
    const found = adapted.get(name);
    if (found) norms.set(found.path, squaredRowLengths(values, found.out));
    return values;
  };
  return { source: { read }, norms };
}
