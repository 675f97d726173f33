/** The modules of a blend by their error: from worst to best, and as cells of a layer × module map. */
import type { ComposedModule } from '../../shared/contract/composition.ts';
import { formatPercent } from '../../shared/format.ts';
import type { AtLayer, Reading } from './layer-map.ts';

/** The matrices that every expert of a layer has are one cell, which is about the worst of them. */
export type ComposedCell = AtLayer & { worst: ComposedModule };

export const errorReading: Reading<ComposedCell> = {
  of: ({ worst }) => worst.relativeError,
  format: (error) => (error === null ? 'not finite' : formatPercent(error)),
};

export function worstFirst(modules: readonly ComposedModule[]): ComposedModule[] {
  return modules.toSorted((one, other) => other.relativeError - one.relativeError);
}

/** Those of layers: 'model.layers.3.self_attn.q_proj' is q_proj, layer 3. */
export function composedCells(modules: readonly ComposedModule[]): ComposedCell[] {
  const placed = modules.flatMap((module) => placeOf(module) ?? []);
  const ends = new Map<string, Set<string>>();
  for (const { within } of placed) {
    const end = lastPart(within);
    ends.set(end, (ends.get(end) ?? new Set()).add(within));
  }
  const cells = new Map<string, ComposedCell>();
  for (const { layer, within, module } of placed) {
    const key = `${layer} ${within}`;
    const known = cells.get(key);
    if (known !== undefined && known.worst.relativeError >= module.relativeError) continue;
    // 'c_proj' could be that of attention or that of the feed-forward block.
    const name = ends.get(lastPart(within))?.size === 1 ? lastPart(within) : within;
    cells.set(key, { module: name, layer, worst: module });
  }
  return [...cells.values()];
}

type Place = { layer: number; within: string; module: ComposedModule };

function placeOf(module: ComposedModule): Place | null {
  const [, layer, within] = /^.+?\.(\d+)\.(.+)$/.exec(module.path) ?? [];
  if (layer === undefined || within === undefined) return null;
  return { layer: Number(layer), within: within.replace(/\.\d+\./g, '.*.'), module };
}

function lastPart(path: string): string {
  return path.split('.').at(-1) ?? path;
}
