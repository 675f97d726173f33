/** What the file of a base says of how its weights can be held. */
import type { ComputeType } from '../model/base-weights.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import type { Checkpoint } from './checkpoint.ts';

/** The types of blocks and codes among its weights; none where all are plain numbers. */
export function blockTypes({ tensors }: Pick<Checkpoint, 'tensors'>): string[] {
  const types = [...tensors.values()].map(({ storedAs }) => storedAs);
  return [...new Set(types)].filter((type) => !floatTypeOf.has(type));
}

/** Whether it takes less memory as it is in the file than in the type to compute in. */
export function isSmallerPacked(
  { tensors }: Pick<Checkpoint, 'tensors'>,
  computeType: ComputeType,
): boolean {
  return [...tensors.values()].some(
    ({ packing }) =>
      packing?.kind === 'codes' || (packing?.kind === 'float' && computeType === 'float32'),
  );
}
