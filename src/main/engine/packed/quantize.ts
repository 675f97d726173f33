/** Dense matrices quantised while they are loaded: codes and values are those of bitsandbytes on a processor. */
import { codeModule, type PlainValues } from './code-module.ts';
import { doubleQuantised } from './double-quantisation.ts';
import { fourBitTables, midpointsOf } from './four-bit-tables.ts';
import type { CodePacking, PackedMatrix } from './packing.ts';
import { bytesOf, int8Scale, scaledCodes } from './scaled-codes.ts';

/** A form that a base is quantised to. */
export type QuantisedForm = { form: 'nf4'; doubleQuant: boolean } | { form: 'int8' };

/** Values that share a scale in NF4. */
const block = 64;

/**
 * How a matrix [out, in] is held in the form. Blocks of NF4 follow each other over the ends of rows, as they do in bitsandbytes;
 * null where the matrix is no whole number of them, and stays dense.
 */
export function packingOf(
  { form }: QuantisedForm,
  [rows = 0, columns = 0]: readonly number[],
): CodePacking | null {
  if (form === 'int8') return scaledCodes('bytes', columns);
  return (rows * columns) % block === 0 ? scaledCodes('nf4', block) : null;
}

/**
 * The matrix in the form. NF4: value = table[code] · scale, where double quantisation has changed the scales already. int8:
 * value = code · scale, see `int8Scale`. Each product is rounded to float32.
 * @param packing that of `packingOf`
 * @param values finite, row by row, in float32 or as the bits of bfloat16; a row of int8 with one beyond float16 gets an infinite
 * scale
 */
export function quantised(
  form: QuantisedForm,
  packing: CodePacking,
  values: PlainValues,
): PackedMatrix {
  const scales = new Float32Array(values.length / packing.group);
  if (form.form === 'int8') {
    const codes = new Int8Array(values.length);
    codeModule().byteCodes(values, codes, scales);
    return { packing, parts: [bytesOf(codes), bytesOf(scales.map(int8Scale))] };
  }
  const codes = new Uint8Array(values.length / 2);
  codeModule().tableCodes(values, midpointsOf(fourBitTables.nf4), codes, scales);
  return { packing, parts: [codes, bytesOf(form.doubleQuant ? doubleQuantised(scales) : scales)] };
}
