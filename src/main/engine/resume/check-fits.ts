/** Whether the state of a checkpoint is one of the program that is to go on from it. */
import type { BankLayout } from '../lora/layout.ts';
import type { Architecture } from '../model/architecture.ts';
import type { RunState } from '../train/run-state.ts';
import { Flaw } from './flaw.ts';
import { flawError } from './read-checkpoint.ts';
import { checkLength } from './state-file.ts';

export type Program = { layout: BankLayout; architecture: Pick<Architecture, 'experts'> };

/** To be called for the settings, the model and the data that it is of. Errors: resume/damaged. */
export function checkFits(path: string, state: RunState, program: Program): void {
  try {
    checkVectors(state, program.layout);
    checkExperts(state, program);
  } catch (thrown) {
    throw thrown instanceof Flaw ? flawError(path, thrown) : thrown;
  }
}

function checkVectors({ trainer, runs }: RunState, { size, adapters }: BankLayout): void {
  for (const [name, values] of Object.entries(trainer.vectors))
    checkLength(name, values.length, size);
  for (const [i, { begin, end }] of adapters.entries()) {
    const best = runs[i]?.bestParameters;
    if (best) checkLength(`the best adapter of run ${i + 1}`, best.length, end - begin);
  }
}

function checkExperts({ trainer }: RunState, { layout, architecture }: Program): void {
  const { experts } = architecture;
  const expected = experts ? [...experts.layers].length * experts.count : 0;
  const lengths = trainer.experts.flatMap((sums) => [
    sums.probabilities.length,
    sums.chosen.length,
  ]);
  if (
    trainer.experts.length !== layout.adapters.length ||
    lengths.some((length) => length !== expected)
  )
    throw new Flaw('what it counted of experts is not of this model');
}
