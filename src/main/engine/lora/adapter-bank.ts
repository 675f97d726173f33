/** Adapters from files as a bank, and a trained bank's adapters as they are written. */
import type { Adapter } from '../checkpoint/adapter.ts';
import { elements } from '../graph/shape.ts';
import { linearAt, type Architecture } from '../model/architecture.ts';
import { placeHead } from './head-start.ts';
import { layOut, type AdapterSlots, type BankLayout, type Target } from './layout.ts';

export type Bank = { layout: BankLayout; parameters: Float32Array };

/** The bank that holds these adapters, which fit the model (`checkAdapterFits`). */
export function bankOf(adapters: readonly Adapter[], architecture: Architecture): Bank {
  // Adapters that answer together have heads of one form.
  const wholes = [...(adapters[0]?.saved ?? [])].map(([path, { shape }]) => ({ path, shape }));
  const layout = layOut(
    adapters.map((adapter) =>
      [...adapter.modules].flatMap(([path, each]): Target[] => {
        const place = linearAt(architecture, path);
        if (!place) return [];
        const { rank, alpha, scaling, magnitude } = each;
        const dora = magnitude !== null;
        return [{ ...place, path, rank, alpha, scaling, dora, frozenRank: 0 }];
      }),
    ),
    wholes,
  );
  const parameters = new Float32Array(layout.size);
  layout.adapters.forEach((placed, i) => {
    for (const slot of placed.slots) {
      const weights = adapters[i]?.modules.get(slot.path);
      if (!weights) continue;
      parameters.set(weights.a, slot.a);
      parameters.set(weights.b, slot.b);
      if (weights.magnitude && slot.m !== null) parameters.set(weights.magnitude, slot.m);
    }
    placeHead(parameters, placed, (path) => adapters[i]?.saved.get(path)?.values);
  });
  return { layout, parameters };
}

export type AdapterSettings = Pick<
  Adapter,
  'baseModel' | 'rank' | 'alpha' | 'dropout' | 'useRslora' | 'useDora' | 'taskType'
>;

/** One adapter of a bank, ready to be written. `parameters` [P] is the whole bank's vector, `labels` those of its head. */
export function adapterOf(
  placed: AdapterSlots,
  parameters: Float32Array,
  settings: AdapterSettings,
  labels: Adapter['labels'] = null,
): Adapter {
  const modules: Adapter['modules'] = new Map();
  for (const slot of placed.slots) {
    const { module, rank, scaling, a, b, m } = slot;
    // With frozen ranks the rank is another than the one that gave the scaling, which has to stay.
    const alpha = scaling * (settings.useRslora ? Math.sqrt(rank) : rank);
    modules.set(slot.path, {
      rank,
      alpha: slot.frozenRank === 0 ? slot.alpha : alpha,
      scaling,
      a: parameters.slice(a, a + rank * module.in),
      b: parameters.slice(b, b + module.out * rank),
      magnitude: m === null ? null : parameters.slice(m, m + module.out),
      in: module.in,
      out: module.out,
    });
  }
  const saved = new Map(
    placed.wholes.map(({ path, shape, at }) => {
      return [path, { shape, values: parameters.slice(at, at + elements(shape)) }];
    }),
  );
  return { ...settings, modules, saved, labels };
}
