/** A base that is held in one form, with the program that trains on it and the memory that it needs. */
import type { MemoryEstimate } from '../../../shared/contract/estimates.ts';
import type { HeldBase } from '../../../shared/contract/records.ts';
import { isRounded } from '../../../shared/held-base.ts';
import { packingOf, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { holdBase } from '../checkpoint/hold-base.ts';
import { estimateMemory } from '../train/memory.ts';
import { trainProgram, type TrainProgram, type TrainProgramOptions } from '../train/program.ts';

export type HeldTraining = {
  base: HeldBase;
  checkpoint: Checkpoint;
  /** With the values from before they were quantised on loading; null where they were not. */
  original: Checkpoint | null;
  options: TrainProgramOptions;
  /** Built when it is first asked for: the one that is measured is the one that runs. */
  program: () => TrainProgram;
  /** Of the whole run. */
  memory: () => MemoryEstimate;
};

/** @param shared options of the program, whatever the form */
export function heldTraining(
  base: HeldBase,
  plain: Checkpoint,
  shared: TrainProgramOptions,
): HeldTraining {
  const checkpoint = holdBase(plain, base);
  const options = { ...shared, packingOf: packingOf(checkpoint) };
  const original = isRounded(base) ? plain : null;
  let built: TrainProgram | null = null;
  let known: MemoryEstimate | null = null;
  const program = () => (built ??= trainProgram(options));
  const memory = () => (known ??= estimateMemory(options, program()));
  return { base, checkpoint, original, options, program, memory };
}
