/** Dense matrices quantised while they are loaded. */
import type { PackedMatrix, Packing } from './packing.ts';

/** A form that a base is quantised to. */
export type QuantisedForm = { form: 'nf4'; doubleQuant: boolean } | { form: 'int8' };

/** How a matrix [out, in] is held in the form; null where its blocks do not fit the matrix, which then stays dense. */
export type PackingOfForm = (form: QuantisedForm, shape: readonly number[]) => Packing | null;

/** The matrix [out, in] in the form, with the codes and values of bitsandbytes. */
export type Quantise = (
  form: QuantisedForm,
  shape: readonly number[],
  values: Float32Array,
) => PackedMatrix;
