/** The shape of SmolLM2-135M: its layers and the linear modules in each. */
import type { ModelDescription } from '../../src/shared/contract/records.ts';
import { inEveryLayer } from '../support/plain-module.ts';

export function smolModel(): Pick<ModelDescription, 'layers' | 'modules'> {
  const module = (block: string, name: string, width: number, out: number) => ({
    ...{ name, path: `model.layers.{layer}.${block}.${name}`, in: width, out },
    ...inEveryLayer,
  });
  return {
    layers: 30,
    modules: [
      module('self_attn', 'q_proj', 576, 576),
      module('self_attn', 'k_proj', 576, 192),
      module('self_attn', 'v_proj', 576, 192),
      module('self_attn', 'o_proj', 576, 576),
      module('mlp', 'gate_proj', 576, 1536),
      module('mlp', 'up_proj', 576, 1536),
      module('mlp', 'down_proj', 1536, 576),
    ],
  };
}
