/** A loss that runs away ends its run, or pauses it where there is something to go on from. */
import { expect, test } from 'vitest';
import type { RunState } from '../../../../src/main/engine/train/run-state.ts';
import { runTraining } from '../../../../src/main/engine/train/run.ts';
import type { StateKeeper } from '../../../../src/main/engine/train/state-keeper.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import { tinyRun, tinyTrainer } from './tiny-training.ts';

type Kept = { state: RunState | null; steps: number[]; backTo: number | null };

/** Keeps the last state in memory; `due` at every step, or never. */
function keeping(due = false): StateKeeper & Kept {
  return {
    ...{ state: null, steps: [], backTo: null },
    due: () => due,
    keep(step, state) {
      this.state = state;
      this.steps.push(step);
      return Promise.resolve(null);
    },
    goBackTo(step) {
      this.backTo = step;
    },
    get latest() {
      return this.state && { path: 'in memory', step: this.state.trainer.steps, at: 0 };
    },
  };
}

const steps = { duration: { kind: 'steps', steps: 200 } } as const;

test.each([
  ['pauses with what it had', true],
  ['ends where nothing was kept', false],
])('a run whose loss runs away %s', async (_, hasOne) => {
  const trainer = tinyTrainer();
  try {
    const keeper = keeping(true);
    const pause = new AbortController();
    // Long enough to learn the batch: its loss is then far below that of guessing.
    const calm = tinyRun({ ...steps, learningRate: 2e-2 }, (event) => {
      if (event.kind === 'step' && event.point.step === 100) pause.abort(askedTo('pause', 'it'));
    });
    await runTraining(trainer, [calm], { signal: pause.signal, keeper });
    const { state } = keeper;
    keeper.steps = [];
    if (!state) throw new Error('nothing was kept');
    // With steps of this length an adapter outweighs its base after one of them.
    const told: number[] = [];
    const wild = tinyRun({ ...steps, learningRate: 50, maxGradNorm: 0 }, (event) => {
      if (event.kind === 'step') told.push(event.point.step);
    });
    const { signal } = new AbortController();
    const options = { signal, state, ...(hasOne && { keeper }) };
    const end = await runTraining(trainer, [wild], options);
    const [ending] = end.endings;
    expect(ending?.problem).toMatchObject({ code: 'train/diverged' });
    expect(ending?.problem?.where).toMatch(/^step \d+, \w+ of layer [01]$/);
    // The loss of the first is from before it; with three of the newest five their median is a wild one.
    expect(told).toEqual([101, 102, 103, 104]);
    // What the first step left is not known to be bad before the second; that of 100 is good.
    expect([keeper.steps, keeper.backTo]).toEqual(hasOne ? [[101], 100] : [[], null]);
    expect(end).toMatchObject(
      hasOne ? { kind: 'paused', problem: ending?.problem } : { kind: 'over' },
    );
  } finally {
    trainer.dispose();
  }
});
