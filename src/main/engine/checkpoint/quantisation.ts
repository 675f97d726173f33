/** What a config.json says of how its weights were quantised. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { JsonObject } from '../model/family.ts';

/** Where config.json says it; the second is how compressed-tensors once did. */
const keys = ['quantization_config', 'compression_config'];

/**
 * Whether bitsandbytes has quantised the weights, and the settings without what is said of that.
 * @param path of config.json
 * Errors: checkpoint/quantised-otherwise for every other way.
 */
export function quantisationOf(
  json: JsonObject,
  path: string,
): { quantised: boolean; settings: JsonObject } {
  const said = keys
    .map((key) => json[key])
    .filter((value) => value !== undefined && value !== null);
  for (const value of said) {
    const method = methodOf(typeof value === 'object' ? { ...value } : {});
    if (!/^bitsandbytes(_[48]bit)?$/.test(method)) {
      throw lorikeetError('checkpoint/quantised-otherwise', { path, method });
    }
  }
  const settings = Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
  return { quantised: said.length > 0, settings };
}

/** Files of bitsandbytes' first years say only how many bits there are. */
function methodOf(config: JsonObject): string {
  const { quant_method: method, load_in_4bit: four, load_in_8bit: eight } = config;
  if (typeof method === 'string') return method;
  return four === true || eight === true ? 'bitsandbytes' : 'not named';
}
