/** Codes and scales of a packed matrix into its values, written so that XLA makes one pass over memory of it. */
import type { DType } from '../graph/dtype.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { elements } from '../graph/shape.ts';
import { fourBitTables } from '../packed/four-bit-tables.ts';
import { partShapes, type CodePacking, type Packing } from '../packed/packing.ts';

/** Values of a run of codes of 4 bits: its first half is in the low bits. */
const run = 64;

/** All values in the type to compute in, one after another as [1, n], from the parts as `partShapes` has them. */
export function unpacked(packing: Packing, parts: readonly Tensor[], dtype: DType): Tensor {
  const [first] = parts;
  if (!first) throw new GraphError('a packed matrix without parts');
  if (packing.kind === 'float') return o.cast(first, dtype);
  const values = elements(first.shape) * (packing.codes === 'bytes' ? 1 : 2);
  const named = new Map(partShapes(packing, values).map(({ name }, i) => [name, parts[i]]));
  /** One for each group [n / group]. */
  const level = (name: 'scales' | 'minima'): Tensor | null => {
    const own = named.get(name);
    if (!own) return null;
    const outer = named.get(`outer ${name}`);
    const numbers = o.cast(own, 'float32');
    return outer ? o.mul(numbers, outerOf(outer, own)) : numbers;
  };
  const scales = present(level('scales') ?? undefined);
  const minima = level('minima');
  const all =
    packing.codes === 'bytes'
      ? scaled(o.cast(first, 'float32'), scales, minima, packing, dtype)
      : fourBits(first, scales, minima, packing, dtype);
  return o.reshape(all, [1, values]);
}

/** Numbers in groups [groups, group] · their scales. */
function scaled(
  numbers: Tensor,
  scales: Tensor,
  minima: Tensor | null,
  { zero, minima: sign }: CodePacking,
  dtype: DType,
): Tensor {
  const [rows = 0] = numbers.shape;
  const column = (x: Tensor) => o.reshape(x, [rows, 1]);
  const centred = zero === 0 ? numbers : o.sub(numbers, zero);
  const product = o.mul(centred, column(scales));
  if (!minima) return o.cast(product, dtype);
  const offset = column(minima);
  return o.cast(sign === 'added' ? o.add(product, offset) : o.sub(product, offset), dtype);
}

/** Codes of runs of 64 values: their halves are unpacked by themselves and laid side by side. */
function fourBits(
  codes: Tensor,
  scales: Tensor,
  minima: Tensor | null,
  packing: CodePacking,
  dtype: DType,
): Tensor {
  const runs = (elements(codes.shape) * 2) / run;
  const packed = o.reshape(codes, [runs, run / 2]);
  const halves = (['low', 'high'] as const).map((half, i) => {
    const own = (x: Tensor) => ofHalf(x, runs, i, packing.group);
    const numbers = numbersOf(packed, half, packing.codes);
    return scaled(numbers, own(scales), minima && own(minima), packing, dtype);
  });
  return o.concat(halves, 1);
}

/** Of one number for each group the one that a half of each run has: [runs]. */
function ofHalf(x: Tensor, runs: number, half: number, group: number): Tensor {
  if (group < run) return o.slice(o.reshape(x, [runs, 2]), [0, half], [runs, 1]);
  const groups = elements(x.shape);
  return o.broadcastTo(o.reshape(x, [groups, 1]), [groups, runs / groups]);
}

/** The float16 of each group's 256 values, in float32, for every group: as `own`. */
function outerOf(outer: Tensor, own: Tensor): Tensor {
  const [rows = 0] = outer.shape;
  const groups = elements(own.shape) / rows;
  const wide = o.broadcastTo(o.reshape(o.cast(outer, 'float32'), [rows, 1]), [rows, groups]);
  return o.reshape(wide, own.shape);
}

function numbersOf(codes: Tensor, half: 'low' | 'high', kind: CodePacking['codes']): Tensor {
  if (kind === 'bytes') throw new GraphError('bytes have no halves');
  if (kind === 'nibbles') {
    const numbers = half === 'low' ? o.bitAnd(codes, 15) : o.shiftRight(codes, 4);
    return o.cast(numbers, 'float32');
  }
  const places = half === 'low' ? [8, 4, 2, 1] : [128, 64, 32, 16];
  const bits = places.map((place) => o.less(zeroOf(codes), o.bitAnd(codes, place)));
  return chosen(bits, [...fourBitTables[kind]]);
}

function zeroOf(like: Tensor): Tensor {
  return o.cast(o.ints(like.node.scope, [0], []), like.dtype);
}

/** The number whose place in the table the bits say, the highest first: a tree of choices, which vectorises where a look-up does not. */
function chosen([bit, ...lower]: readonly Tensor[], table: readonly number[]): Tensor {
  if (!bit) throw new GraphError('a table without bits');
  const middle = table.length / 2;
  const [below, above] = [table.slice(0, middle), table.slice(middle)];
  const constant = ([value = 0]: readonly number[]) => o.floats(bit.node.scope, [value], []);
  const side = (half: readonly number[]) =>
    half.length === 1 ? constant(half) : chosen(lower, half);
  return o.where(bit, side(above), side(below));
}
