/** How long a run would take: by the newest run of its model that was alike, its tokens in a step counted, and unknown without one. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { paceOf } from '../../src/main/pace.ts';
import { openStore } from '../../src/main/store/database.ts';
import type { HeldBase } from '../../src/shared/contract/records.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';
import { temporaryFolder } from './engine/checkpoint/fixtures.ts';
import { smallConfig } from './small-config.ts';
import { point } from './store/sample-records.ts';

const dense = { form: 'dense', doubleQuant: false } as const;

test('the time goes by the steps of a run that was alike, and by the tokens of a step', () => {
  const store = openStore(join(temporaryFolder(), 'lorikeet.db'));
  const config: TrainingConfig = { ...smallConfig(10), batchSize: 2, sequenceLength: 64 };
  const ran = (over: Partial<TrainingConfig>, steps: number, base: HeldBase = dense) => {
    const run = store.runs.create({ ...config, ...over }, () => '/out');
    store.runs.update(run.id, { base });
    // A step of these points takes 1.5 s.
    for (let step = 1; step <= steps; step += 1) store.metrics.addStep(run.id, point(step));
    return run;
  };
  const planned = { config, base: dense, totalSteps: 40 };
  expect(paceOf(store, planned)).toBeNull();
  ran({}, 3);
  ran({ model: '/other/model' }, 10);
  ran({ keep: 'inputs' }, 10);
  ran({}, 10, { form: 'nf4', doubleQuant: false });
  expect(paceOf(store, planned)).toBeNull();
  const { id, name } = ran({ name: 'alike' }, 10);
  expect(paceOf(store, planned)).toEqual({ seconds: 40 * 1.5, run: { id, name } });
  const larger = { ...config, batchSize: 4, gradientAccumulation: 3, sequenceLength: 128 };
  const times = (2 * 2 * 3) / config.gradientAccumulation;
  expect(paceOf(store, { ...planned, config: larger })?.seconds).toBeCloseTo(40 * 1.5 * times);
  store.close();
});
