/** The text of config.json for a model that is written. */
import type { MergeDtype } from '../../../shared/contract/merge-report.ts';
import type { Architecture } from '../model/architecture.ts';

/**
 * Numbers that transformers wants to see as floats: its older versions warn of a factor of 8 and not of 8.0, and version 5 takes no
 * cap of 30.
 */
const floats =
  /^( *"(?:\w*_(?:dropout|pdrop|softcapping|factor|eps|epsilon)|factor|rope_theta|rope_local_base_freq|rotary_pct|clip_qkv)": -?\d+)(,?)$/gm;

export function huggingFaceConfigText(architecture: Architecture, dtype: MergeDtype): string {
  const config = architecture.huggingFaceConfig(dtype);
  return `${JSON.stringify(config, null, 2)}\n`.replace(floats, '$1.0$2');
}
