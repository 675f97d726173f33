/** Target modules in words: 'q_proj, v_proj in layers 15–29'. */
import type { LoraSettings } from './contract/training-config.ts';

/** Modules that share their layers are named together. */
export function sayTargets(targets: LoraSettings['targets']): string {
  if (targets === 'all-linear') return 'all linear';
  const byLayers = new Map<string, string[]>();
  for (const { module, layers } of targets) {
    const where = layers === 'all' ? '' : ` in ${sayLayers(layers)}`;
    byLayers.set(where, [...(byLayers.get(where) ?? []), module]);
  }
  return [...byLayers].map(([where, modules]) => modules.join(', ') + where).join('; ');
}

/** 'layer 3', 'layers 0–3, 7, 9–12'. */
export function sayLayers(layers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const layer of [...layers].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last !== undefined && layer <= last.to + 1) last.to = layer;
    else ranges.push({ from: layer, to: layer });
  }
  const words = ranges.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
  return `${layers.length === 1 ? 'layer' : 'layers'} ${words.join(', ')}`;
}
