/** How a run holds its base: in the form that was asked for, or in the first that fits into memory. */
import type { HeldBase } from '../../../shared/contract/records.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { askedBase } from '../../../shared/held-base.ts';
import { memoryFit } from '../../../shared/memory-fit.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { blockTypes, isSmallerPacked } from '../checkpoint/stored-types.ts';
import type { TrainProgramOptions } from '../train/program.ts';
import { heldTraining, type HeldTraining } from './held-training.ts';
import { checkNotRoundedTwice } from './learnt-base.ts';
import { tellChoice, tellForm } from './tell-base.ts';

/**
 * Gives also what a person should know of the form, in sentences.
 * @param options of the program, whatever the form
 * @param free bytes that the run can have
 * Errors: base/double-quant, base/quantised-already.
 */
export function chooseBase(
  { base, doubleQuant }: Pick<TrainingConfig, 'base' | 'doubleQuant'>,
  checkpoint: Checkpoint,
  options: TrainProgramOptions,
  free: number,
): HeldTraining & { notices: string[] } {
  const hold = (form: HeldBase) => heldTraining(form, checkpoint, options);
  const asked = askedBase(base, doubleQuant);
  if (asked !== null) {
    checkNotRoundedTwice(checkpoint, asked);
    const held = hold(asked);
    return { ...held, notices: tellForm(held) };
  }
  const tried: HeldTraining[] = [];
  for (const form of formsInOrder(checkpoint, options, doubleQuant)) {
    const held = hold(form);
    tried.push(held);
    if (memoryFit(held.memory().totalBytes, free) === 'fits') break;
  }
  const [taken] = tried.toSorted((a, b) => a.memory().totalBytes - b.memory().totalBytes);
  if (!taken) throw new RangeError('no form to hold a base in');
  const idle = doubleQuant && taken.base.form !== 'nf4';
  const notices = [
    tellChoice(taken, tried, free),
    ...tellForm(taken),
    ...(idle ? ['Double quantisation is a part of NF4, and has no effect here.'] : []),
  ];
  return { ...taken, notices };
}

/** From the fastest to the smallest. What is quantised already is never quantised again. */
function formsInOrder(
  checkpoint: Checkpoint,
  { computeType }: TrainProgramOptions,
  doubleQuant: boolean,
): HeldBase[] {
  const forms: HeldBase[] = [{ form: 'dense', doubleQuant: false }];
  if (isSmallerPacked(checkpoint, computeType)) forms.push({ form: 'packed', doubleQuant: false });
  if (blockTypes(checkpoint).length > 0) return forms;
  return [...forms, { form: 'int8', doubleQuant: false }, { form: 'nf4', doubleQuant }];
}
