/** The native module that writes blocks (`native/`): its one call, typed. */
import { join } from 'node:path';
import { loadNativeModule } from '../runtime/native-module.ts';
import { locateRuntime } from '../runtime/locate.ts';

type BlockModule = {
  /**
   * Writes `values`, whole blocks of the type with this number in GGUF files, into `target[offset …]`, on all cores. Returns how
   * many values or float16 scales are not finite.
   */
  quantize(type: number, values: Float32Array, target: Uint8Array, offset: number): number;
};

let loaded: BlockModule | null = null;

/** Loads it once a process, from where set-up has put it. Throws engine/runtime-missing. */
export function blockModule(): BlockModule {
  loaded ??= loadNativeModule(join(locateRuntime().folder, 'ggml_blocks.node'), {
    exports: {} as BlockModule,
  });
  return loaded;
}
