/** Readings of a run's health: when they are made, and the alarms that they raise in a run that goes wrong. */
import { afterEach, expect, test } from 'vitest';
import { healthPoint, type HealthPoint } from '../../../../src/shared/contract/run-points.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { runTraining } from '../../../../src/main/engine/train/run.ts';
import type { ProgressState } from '../../../../src/main/engine/train/run-state.ts';
import type { Trainer } from '../../../../src/main/engine/train/trainer.ts';
import { tinyRun, tinyTrainer } from './tiny-training.ts';

let trainer: Trainer;
afterEach(() => {
  trainer.dispose();
});

const steps = (count: number) => ({ duration: { kind: 'steps', steps: count } }) as const;
const lora = { targets: [{ module: 'q_proj', layers: [0, 1] }] };

type Outcome = { readings: HealthPoint[]; ending: ProgressState | undefined };

/** Trains the trainer's adapters, each with its own settings; all are stopped after the step `stopAfter`. */
async function train(
  changes: readonly Partial<TrainingConfig>[],
  stopAfter = Infinity,
): Promise<Outcome[]> {
  const stop = new AbortController();
  const readings = changes.map((): HealthPoint[] => []);
  const runs = changes.map((change, i) =>
    tinyRun(change, (event) => {
      if (event.kind === 'health') readings[i]?.push(healthPoint.parse(event.point));
      if (event.kind === 'step' && event.point.step === stopAfter) stop.abort();
    }),
  );
  const { endings } = await runTraining(trainer, runs, { signal: stop.signal });
  return readings.map((each, i) => ({ readings: each, ending: endings[i] }));
}

const at = (outcome: Outcome | undefined) => outcome?.readings.map(({ step }) => step);
const alarmsOf = (outcome: Outcome | undefined) =>
  outcome?.readings.map(({ step, alarms }) => [step, ...alarms.map(({ where }) => where)]);

test('after the first update that changes something, about 25 times, and at the end', async () => {
  trainer = tinyTrainer({ adapters: [lora] });
  // The first step of a warm-up has the learning rate 0.
  const [outcome] = await train([{ ...steps(101), warmupSteps: 1 }]);
  const every = Array.from({ length: 20 }, (_, i) => 5 * (i + 1));
  expect(at(outcome)).toEqual([2, 4, ...every, 101]);
  const [first, last] = [outcome?.readings[0], outcome?.readings.at(-1)];
  expect(first?.modules).toMatchObject([{ layer: 0 }, { layer: 1 }]);
  expect(first?.modules[0]?.normB).toBeGreaterThan(0);
  expect(last?.modules[0]?.deltaRatio).toBeGreaterThan(first?.modules[0]?.deltaRatio ?? NaN);
  expect(outcome?.readings.flatMap(({ alarms }) => alarms)).toEqual([]);
});

test('a run that is stopped has a last reading, and only one', async () => {
  trainer = tinyTrainer({ adapters: [lora] });
  const [outcome] = await train([steps(1000)], 7);
  expect(at(outcome)).toEqual([1, 3, 7]);
});

test('a module that no gradient reaches raises an alarm', async () => {
  // With A and B both 0 neither has a gradient.
  trainer = tinyTrainer({
    adapters: [lora],
    prepare: (parameters, layout) => {
      const module = layout.adapters[0]?.slots[1];
      if (module) parameters.fill(0, module.a, module.b);
    },
  });
  const [outcome] = await train([steps(5)]);
  const still = [3, 4, 5].map((step) => [step, 'q_proj in layer 1']);
  expect(alarmsOf(outcome)).toEqual([[1], [2], ...still]);
  expect(outcome?.readings[2]?.alarms[0]?.code).toBe('health/b-stays-zero');
});

test('an adapter that diverges names its modules as it ends, and the other goes on', async () => {
  trainer = tinyTrainer({ adapters: [lora, { targets: [{ module: 'v_proj', layers: [2] }] }] });
  const [wild, well] = await train([
    { ...steps(50), batchSize: 1, learningRate: 1e25 },
    { ...steps(6), batchSize: 1 },
  ]);
  const last = wild?.readings.at(-1);
  expect(wild?.ending?.problem?.where).toBe(`step ${last?.step ?? NaN}, q_proj of layer 0`);
  expect(last?.alarms[0]).toMatchObject({ code: 'health/not-finite', where: 'every module' });
  expect(at(well)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(well?.readings.flatMap(({ alarms }) => alarms)).toEqual([]);
});

test('of several adapters each has its own readings, to its own end', async () => {
  trainer = tinyTrainer({ adapters: [lora, { targets: [{ module: 'v_proj', layers: [2] }] }] });
  const [long, short] = await train([
    { ...steps(60), batchSize: 1 },
    { ...steps(5), batchSize: 1, warmupSteps: 1 },
  ]);
  expect(at(long)).toEqual([1, ...Array.from({ length: 20 }, (_, i) => 3 * (i + 1))]);
  expect(at(short)).toEqual([1, 2, 3, 4, 5]);
  for (const { modules, alarms } of short?.readings ?? []) {
    expect(modules).toMatchObject([{ layer: 2, module: 'v_proj' }]);
    expect(modules[0]?.gradientNorm).toBeGreaterThan(0);
    expect(alarms).toEqual([]);
  }
  expect(short?.readings[0]?.modules[0]?.normB).toBe(0);
});
