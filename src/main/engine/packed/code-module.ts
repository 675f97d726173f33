/** The native module that writes and reads codes (`native/`): its calls, typed. */
import { join } from 'node:path';
import { loadNativeModule } from '../runtime/native-module.ts';
import { locateRuntime } from '../runtime/locate.ts';

/** Values as float32, or as the bits of bfloat16. */
export type PlainValues = Float32Array | Uint16Array;

/** Each writes what it is given to write, on all cores. */
type CodeModule = {
  /**
   * Codes in half-64 order, and the largest magnitude of each block of 64 values.
   * @param midpoints of the sixteen numbers that codes stand for
   */
  tableCodes(
    values: PlainValues,
    midpoints: Float32Array,
    codes: Uint8Array,
    scales: Float32Array,
  ): void;
  /** The largest magnitude of each row in float16, and its values in 127ths of that. */
  byteCodes(values: PlainValues, codes: Int8Array, largest: Float32Array): void;
  /**
   * The sum of squares of each row of a packed matrix, in float64 and in the order of its values.
   * @param numbers by code: 16 for codes in half-64 order, 256 for bytes
   * @param minima empty where none are added
   */
  codeSquares(
    codes: Uint8Array,
    numbers: Float32Array,
    scales: Float32Array,
    minima: Float32Array,
    squares: Float64Array,
  ): void;
  /** The same of the bits of bfloat16 numbers. */
  floatSquares(values: Uint16Array, squares: Float64Array): void;
};

let loaded: CodeModule | null = null;

/** Loads it once a process, from where set-up has put it. Throws engine/runtime-missing. */
export function codeModule(): CodeModule {
  loaded ??= loadNativeModule(join(locateRuntime().folder, 'packed_codes.node'), {
    exports: {} as CodeModule,
  });
  return loaded;
}
