/** Modules of native code, which set-up compiles into the folder of the runtime. */
import { constants } from 'node:os';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../../shared/errors/message-of.ts';
import { addressSpaceLeft } from '../limits/process-limits.ts';
import { mappedByEngine } from './address-space.ts';

/**
 * glibc's RTLD_NODELETE. A thread that ends closes the modules that it has loaded; without the flag TensorFlow would be
 * unmapped under its own threads, and the process would end with a segmentation fault.
 */
const keepMapped = 0x1000;

/** Loads the module at `path` and gives what it exports. Throws engine/runtime-missing, engine/no-address-space. */
export function loadNativeModule<Exports>(path: string, module: { exports: Exports }): Exports {
  try {
    process.dlopen(module, path, constants.dlopen.RTLD_LAZY | keepMapped);
  } catch (cause) {
    const reason = messageOf(cause);
    const left = addressSpaceLeft();
    if (left < Infinity && /failed to map|allocate memory/i.test(reason))
      throw lorikeetError('engine/no-address-space', { left, needed: mappedByEngine }, { cause });
    throw lorikeetError('engine/runtime-missing', { path, reason }, { cause });
  }
  return module.exports;
}
