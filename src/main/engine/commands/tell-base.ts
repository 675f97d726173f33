/** What a person should know of the form in which a run holds its base, in sentences. */
import { formatBytes, formatCompact, plainSpaces } from '../../../shared/format.ts';
import { isRounded } from '../../../shared/held-base.ts';
import { memoryFit } from '../../../shared/memory-fit.ts';
import { sayBase } from '../../../shared/say-base.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { isSmallerPacked, layerMatrices, parametersOf } from '../checkpoint/stored-types.ts';
import type { HeldTraining } from './held-training.ts';

/** In a model of fewer parameters, activations and the process weigh more than the weights in any form. */
const small = 400e6;

/** The form that was taken among those that were tried, with the figures that led to it. */
export function tellChoice(
  taken: HeldTraining,
  tried: readonly HeldTraining[],
  free: number,
): string {
  const needs = ({ memory }: HeldTraining) => said(memory().totalBytes);
  const others = tried.filter((each) => each !== taken);
  const fits = memoryFit(taken.memory().totalBytes, free) === 'fits';
  const first = others.length === 0 ? 'which fits' : 'the first form that fits';
  const why = fits ? first : 'which needs least and may still not fit';
  const list = others.map((each) => `${sayBase(each.base)} ${needs(each)}`).join('; ');
  return [
    `Base in memory: ${sayBase(taken.base)}, ${why}. `,
    `The run needs about ${needs(taken)} of ${said(free)} free`,
    list === '' ? '.' : ` (${list}).`,
  ].join('');
}

/** What a form does to the values, and where it does not do what is expected of it. */
export function tellForm({ base, checkpoint, options }: HeldTraining): string[] {
  if (base.form === 'dense') return [];
  if (base.form === 'packed' && !isSmallerPacked(checkpoint, options.computeType))
    return ['Held as in the file, this base takes as much memory as dense.'];
  return [
    ...(isRounded(base)
      ? ['The adapter learns on the rounded weights of the base, and belongs to them.']
      : []),
    ...tellLeftDense(checkpoint),
    ...tellSmall(checkpoint),
  ];
}

function tellLeftDense(checkpoint: Checkpoint): string[] {
  const matrices = layerMatrices(checkpoint);
  const dense = matrices.filter(({ stored }) => stored.packing === null).length;
  if (dense === 0) return [];
  return [`${dense} of ${matrices.length} matrices of the layers stay dense in this form.`];
}

function tellSmall(checkpoint: Checkpoint): string[] {
  const parameters = parametersOf(checkpoint);
  if (parameters >= small) return [];
  const size = plainSpaces(formatCompact(parameters));
  return [
    `With ${size} parameters the weights are a small part of what a run holds: this form of the base saves next to nothing.`,
  ];
}

function said(bytes: number): string {
  return plainSpaces(formatBytes(bytes));
}
