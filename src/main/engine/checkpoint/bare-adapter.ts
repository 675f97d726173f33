/** Adapters of a bare model: PEFT on transformers' `AutoModel` names modules without what a model with an output puts before them. */
import type { Architecture } from '../model/architecture.ts';
import type { Adapter } from './adapter.ts';

/** The adapter with the paths of the whole model: 'layers.0.self_attn.q_proj' becomes 'model.layers.0.self_attn.q_proj'. */
export function inWholeModel<T extends Adapter>(
  adapter: T,
  { layersPath }: Pick<Architecture, 'layersPath'>,
): T {
  const bare = layersPath.slice(layersPath.indexOf('.') + 1);
  const outer = layersPath.slice(0, layersPath.length - bare.length);
  const modules = [...adapter.modules];
  if (!modules.every(([path]) => path.startsWith(`${bare}.`))) return adapter;
  return { ...adapter, modules: new Map(modules.map(([path, each]) => [outer + path, each])) };
}
