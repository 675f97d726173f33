/** The native module that writes codes (`native/`): its calls, typed. */
import { join } from 'node:path';
import { loadNativeModule } from '../runtime/native-module.ts';
import { locateRuntime } from '../runtime/locate.ts';

/** Each writes what it is given to write, on all cores. */
type CodeModule = {
  /**
   * Codes in half-64 order, and the largest magnitude of each block of 64 values.
   * @param midpoints of the sixteen numbers that codes stand for
   */
  tableCodes(
    values: Float32Array,
    midpoints: Float32Array,
    codes: Uint8Array,
    scales: Float32Array,
  ): void;
  /** The largest magnitude of each row in float16, and its values in 127ths of that. */
  byteCodes(values: Float32Array, codes: Int8Array, largest: Float32Array): void;
};

let loaded: CodeModule | null = null;

/** Loads it once a process, from where set-up has put it. Throws engine/runtime-missing. */
export function codeModule(): CodeModule {
  loaded ??= loadNativeModule(join(locateRuntime().folder, 'packed_codes.node'), {
    exports: {} as CodeModule,
  });
  return loaded;
}
