/** How a frozen matrix is held in less than its type to compute in: as numbers of 16 bits, or as codes with scales. */
import { isDeepStrictEqual } from 'node:util';

/** The numbers of the file, which are wider where they are computed with. */
export type FloatPacking = { readonly kind: 'float'; readonly type: 'bfloat16' | 'float16' };

/**
 * A group of neighbouring values of a row has a scale: value = scale · (number(code) − zero) ± minimum, in float32.
 * Groups lie in the order of the values of the matrix, row by row.
 */
export type CodePacking = {
  readonly kind: 'codes';
  /**
   * 'bytes': signed numbers of 8 bits. The others have 4 bits and lie in half-64 order: byte j of 64 values holds value j in its
   * low half and value 32 + j in its high half. 'nibbles' are the numbers 0 to 15, 'nf4' and 'fp4' places in a table.
   */
  readonly codes: 'bytes' | 'nibbles' | FourBitTable;
  /** How many values share a scale. */
  readonly group: number;
  readonly zero: number;
  /**
   * 'float32' and 'float16' are the scales themselves. 'uint8' and 'int8' are multiples of a float16 that 256 values share, and
   * so are their minima.
   */
  readonly scales: 'float32' | 'float16' | 'uint8' | 'int8';
  readonly minima: 'none' | 'added' | 'subtracted';
};

export type FourBitTable = 'nf4' | 'fp4';

export type Packing = FloatPacking | CodePacking;

/** Values that share the float16 of a scale of 8 bits. */
export const outerGroup = 256;

/** The numbers of one kind in a packed matrix; `columns` of them for each of the rows that codes are laid out in. */
export type PartShape = {
  readonly name: 'codes' | 'scales' | 'outer scales' | 'minima' | 'outer minima' | 'values';
  readonly type: 'uint8' | 'int8' | 'float32' | 'float16' | 'bfloat16';
  readonly shape: readonly [number, number];
};

/** A packed matrix: the bytes of its parts, in the order of `partShapes`, little endian. */
export type PackedMatrix = { readonly packing: Packing; readonly parts: readonly Uint8Array[] };

/** Values of one row of codes: what a byte's place is counted in. */
export function rowOf({ codes, group }: CodePacking): number {
  return codes === 'bytes' ? group : Math.max(64, group);
}

/**
 * What a packed matrix of so many values consists of. Matrices one below the other are their parts one behind the other.
 * @param values a multiple of `unitOf(packing)`
 */
export function partShapes(packing: Packing, values: number): PartShape[] {
  if (packing.kind === 'float') {
    return [{ name: 'values', type: packing.type, shape: [1, values] }];
  }
  const { codes, group, scales, minima } = packing;
  const row = rowOf(packing);
  const rows = values / row;
  const part = (name: PartShape['name'], type: PartShape['type'], columns: number): PartShape => ({
    name,
    type,
    shape: [rows, columns],
  });
  const levels = (name: 'scales' | 'minima'): PartShape[] => {
    const own = part(name, scales, row / group);
    if (scales !== 'uint8' && scales !== 'int8') return [own];
    const outer: PartShape = {
      name: `outer ${name}`,
      type: 'float16',
      shape: [values / outerGroup, 1],
    };
    return [own, outer];
  };
  return [
    codes === 'bytes' ? part('codes', 'int8', row) : part('codes', 'uint8', row / 2),
    ...levels('scales'),
    ...(minima === 'none' ? [] : levels('minima')),
  ];
}

/** A packed matrix has whole units of so many values. */
export function unitOf(packing: Packing): number {
  if (packing.kind === 'float') return 1;
  const outer = packing.scales === 'uint8' || packing.scales === 'int8' ? outerGroup : 1;
  return Math.max(rowOf(packing), outer);
}

const typeBytes: Readonly<Record<PartShape['type'], number>> = {
  ...{ uint8: 1, int8: 1, float32: 4, float16: 2, bfloat16: 2 },
};

export function partBytes({ type, shape }: PartShape): number {
  return typeBytes[type] * shape[0] * shape[1];
}

export function samePacking(some: Packing | null, other: Packing | null): boolean {
  return isDeepStrictEqual(some, other);
}
