/** What the file of a base says of how its weights can be held. */
import { elements } from '../graph/shape.ts';
import { layerPath, linearsOf } from '../model/architecture.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';

/** A weight of a linear layer; `gate` where it weighs experts. */
export type LayerMatrix = { name: string; gate: boolean; stored: StoredTensor };

/** The matrices of all layers, which a program can hold packed. */
export function layerMatrices({
  architecture,
  tensors,
}: Pick<Checkpoint, 'architecture' | 'tensors'>): LayerMatrix[] {
  const layers = Array.from({ length: architecture.config.numHiddenLayers }, (_, layer) => layer);
  return layers.flatMap((layer) => {
    const prefix = layerPath(architecture, layer);
    return linearsOf(architecture, layer).flatMap(({ path, gate = false }) => {
      const name = `${prefix}.${path}.weight`;
      const stored = tensors.get(name);
      return stored ? [{ name, gate, stored }] : [];
    });
  });
}

/** The types of its tensors in the file, most bytes first. */
export function storedTypes({ tensors }: Pick<Checkpoint, 'tensors'>): string[] {
  const bytesByType = new Map<string, number>();
  for (const { storedAs, bytes } of tensors.values()) {
    bytesByType.set(storedAs, (bytesByType.get(storedAs) ?? 0) + bytes);
  }
  return [...bytesByType].sort(([, a], [, b]) => b - a).map(([type]) => type);
}

/** The types of blocks and codes among them; none where all are plain numbers. */
export function blockTypes(checkpoint: Pick<Checkpoint, 'tensors'>): string[] {
  return storedTypes(checkpoint).filter((type) => !floatTypeOf.has(type));
}

/** How many numbers its tensors have, a tied output matrix once. */
export function parametersOf({ tensors }: Pick<Checkpoint, 'tensors'>): number {
  return [...tensors.values()].reduce((sum, { shape }) => sum + elements(shape), 0);
}

/** Whether it takes less memory packed than in the type to compute in. */
export function isSmallerPacked(
  checkpoint: Pick<Checkpoint, 'architecture' | 'tensors'>,
  computeType: ComputeType,
): boolean {
  return layerMatrices(checkpoint).some(
    ({ stored: { packing } }) =>
      packing?.kind === 'codes' || (packing?.kind === 'float' && computeType === 'float32'),
  );
}
