/** Adapters from files as a bank, and a trained bank's adapters as they are written. */
import { layerOf, loraScaling, type Adapter } from '../checkpoint/adapter.ts';
import { linearModules, type ModelConfig } from '../model/config.ts';
import {
  layOut,
  modulePath,
  type AdaptedModule,
  type BankLayout,
  type PlacedAdapter,
} from './layout.ts';

export type Bank = { layout: BankLayout; parameters: Float32Array };

/** The bank that holds these adapters, which fit the model (`checkAdapterFits`). */
export function bankOf(adapters: readonly Adapter[], config: ModelConfig): Bank {
  const modules = linearModules(config);
  const layout = layOut(
    adapters.map((adapter) =>
      [...adapter.modules].flatMap(([path, { rank, scaling }]): AdaptedModule[] => {
        const place = layerOf(path);
        const module = modules.find((each) => each.path === place?.path);
        return place && module ? [{ layer: place.layer, module, rank, scaling }] : [];
      }),
    ),
  );
  const parameters = new Float32Array(layout.size);
  layout.adapters.forEach((placed, i) => {
    for (const module of placed.modules) {
      const weights = adapters[i]?.modules.get(modulePath(module));
      if (!weights) continue;
      parameters.set(weights.a, module.a);
      parameters.set(weights.b, module.b);
    }
  });
  return { layout, parameters };
}

export type AdapterSettings = {
  baseModel: string;
  rank: number;
  alpha: number;
  dropout: number;
  useRslora: boolean;
};

/** One adapter of a bank, ready to be written. `parameters` [P] is the whole bank's vector. */
export function adapterOf(
  placed: PlacedAdapter,
  parameters: Float32Array,
  settings: AdapterSettings,
): Adapter {
  const { rank, alpha, useRslora } = settings;
  const modules: Adapter['modules'] = new Map();
  for (const each of placed.modules) {
    const { module } = each;
    modules.set(modulePath(each), {
      rank: each.rank,
      alpha,
      scaling: loraScaling(each.rank, alpha, useRslora),
      a: parameters.slice(each.a, each.a + each.rank * module.in),
      b: parameters.slice(each.b, each.b + module.out * each.rank),
      in: module.in,
      out: module.out,
    });
  }
  return { ...settings, rank, modules };
}
