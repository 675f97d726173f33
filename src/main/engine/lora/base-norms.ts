/** How large the base matrices are that adapters sit on, noted while they are read for training. */
import type { WeightSource } from '../model/group-matrix.ts';
import { packedRowSquares } from '../packed/row-squares.ts';
import { unpack } from '../packed/unpack.ts';
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
  const note = (name: string, squaresOf: (rows: number) => Float64Array) => {
    const found = adapted.get(name);
    if (found) norms.set(found.path, squaresOf(found.out));
  };
  return {
    source: {
      read(name) {
        const values = source.read(name);
        note(name, (rows) => squaredRowLengths(values, rows));
        return values;
      },
      packed(name) {
        const matrix = source.packed(name);
        note(
          name,
          (rows) => packedRowSquares(matrix, rows) ?? squaredRowLengths(unpack(matrix), rows),
        );
        return matrix;
      },
    },
    norms,
  };
}
