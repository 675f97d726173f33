/** What the file of a base says of how its weights can be held. */
import { layerPath, linearsOf } from '../model/architecture.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';

/** The matrices of all layers, which a program can hold packed. */
export function layerMatrices({
  architecture,
  tensors,
}: Pick<Checkpoint, 'architecture' | 'tensors'>): StoredTensor[] {
  const layers = Array.from({ length: architecture.config.numHiddenLayers }, (_, layer) => layer);
  return layers.flatMap((layer) => {
    const prefix = layerPath(architecture, layer);
    return linearsOf(architecture, layer).flatMap(
      ({ path }) => tensors.get(`${prefix}.${path}.weight`) ?? [],
    );
  });
}

/** The types of blocks and codes among its weights; none where all are plain numbers. */
export function blockTypes({ tensors }: Pick<Checkpoint, 'tensors'>): string[] {
  const types = [...tensors.values()].map(({ storedAs }) => storedAs);
  return [...new Set(types)].filter((type) => !floatTypeOf.has(type));
}

/** Whether it takes less memory packed than in the type to compute in. */
export function isSmallerPacked(
  checkpoint: Pick<Checkpoint, 'architecture' | 'tensors'>,
  computeType: ComputeType,
): boolean {
  return layerMatrices(checkpoint).some(
    ({ packing }) =>
      packing?.kind === 'codes' || (packing?.kind === 'float' && computeType === 'float32'),
  );
}
