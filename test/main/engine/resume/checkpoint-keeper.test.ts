/** Which checkpoint a run goes on from. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CheckpointKeeper } from '../../../../src/main/engine/resume/checkpoint-keeper.ts';
import type { CheckpointSubject } from '../../../../src/main/engine/resume/training-checkpoint.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { RunState } from '../../../../src/main/engine/train/run-state.ts';
import { smallConfig } from '../../small-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';

const numbers = new Float32Array(4);
const state: RunState = {
  trainer: {
    steps: 1,
    vectors: {
      ...{ parameters: numbers, firstMoment: numbers, secondMoment: numbers },
      gradientSum: numbers,
    },
    experts: [],
  },
  runs: [],
  seconds: 1,
  general: null,
};
const file = { path: '/f', sha256: '0'.repeat(64), bytes: 1 };
const subject: CheckpointSubject = {
  ...{
    configs: [smallConfig()],
    base: { form: 'dense', doubleQuant: false },
    precision: 'float32',
  },
  files: { base: file, data: [], starts: [] },
  ...{ sizes: [numbers.length], left: 0 },
};

/** Keeps in `folder`; `hear` is told of what it keeps and cannot keep. */
function keeperIn(
  folder: string,
  hear: (event: EngineEvent) => void,
  subjectNow = () => Promise.resolve(subject),
): CheckpointKeeper {
  const settings = { checkpointEvery: 2, checkpointMinutes: 0 };
  return new CheckpointKeeper(folder, settings, subjectNow, null, hear);
}

test('one that is gone when the next cannot be written is not told as kept', async () => {
  const folder = join(temporaryFolder(), 'checkpoints');
  const told: string[] = [];
  const keeper = keeperIn(folder, (event) => {
    if (event.kind === 'notice') told.push(event.text);
    if (event.kind === 'checkpoint') told.push(`kept ${event.checkpoint.step}`);
  });
  for (const step of [2, 4]) await keeper.keep(step, state);
  rmSync(join(folder, 'step-000004'), { recursive: true });
  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, 'in its way');
  expect(await keeper.keep(6, state)).not.toBeNull();
  expect(keeper.latest).toBeNull();
  expect(told.slice(2)).toEqual([expect.stringMatching(/step 6 could not .* There is none\.$/)]);
});

test('where that of the step before is gone, the one before that is kept', async () => {
  const folder = temporaryFolder();
  const told: number[] = [];
  const keeper = keeperIn(
    folder,
    (event) => {
      if (event.kind === 'checkpoint') told.push(event.checkpoint.step);
    },
    () => (told.length < 2 ? Promise.resolve(subject) : Promise.reject(new Error('full'))),
  );
  for (const step of [2, 4]) await keeper.keep(step, state);
  rmSync(join(folder, 'step-000004'), { recursive: true });
  expect(await keeper.keep(6, state)).not.toBeNull();
  expect(keeper.latest?.step).toBe(2);
  expect(told).toEqual([2, 4, 2]);
});

test('after a divergence it is the last sound one that is still there, and that is told', async () => {
  const folder = temporaryFolder();
  const told: number[] = [];
  const keeper = keeperIn(folder, (event) => {
    if (event.kind === 'checkpoint') told.push(event.checkpoint.step);
  });
  for (const step of [2, 4, 6, 8]) expect(await keeper.keep(step, state)).toBeNull();
  expect(keeper.latest?.step).toBe(8);
  keeper.goBackTo(8);
  expect(told).toEqual([2, 4, 6, 8]);
  keeper.goBackTo(7);
  expect(keeper.latest?.step).toBe(6);
  rmSync(`${folder}/step-000004`, { recursive: true });
  keeper.goBackTo(5);
  expect(keeper.latest?.step).toBe(2);
  // Better one that is not known to be sound than none.
  keeper.goBackTo(1);
  expect(keeper.latest?.step).toBe(2);
  expect(told).toEqual([2, 4, 6, 8, 6, 2]);
});
