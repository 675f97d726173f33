/** How the matrices of a checkpoint are held by a program that computes with it. */
import type { Packing } from '../packed/packing.ts';
import type { Checkpoint } from './checkpoint.ts';

/** For the options of a program: null for a matrix that is held dense. */
export function packingsOf({ tensors }: Pick<Checkpoint, 'tensors'>): {
  packingOf: (name: string) => Packing | null;
} {
  return { packingOf: (name) => tensors.get(name)?.packing ?? null };
}
