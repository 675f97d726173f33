/** What every origin says of the moment: when, and with which programs. */
import type { BaseOrigin, CommonOrigin } from '../../../shared/contract/origin.ts';
import { version } from '../../../shared/version.ts';
import { tensorflowInUse } from '../runtime/binding.ts';

export function madeNow(base: BaseOrigin): CommonOrigin {
  return {
    version: 1,
    at: Date.now(),
    versions: { lorikeet: version, node: process.versions.node, tensorflow: tensorflowInUse() },
    base,
  };
}
