/** The search for a learning rate: each trial is the beginning of the run itself, measured at its end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { searchRate } from '../../../../src/main/engine/commands/search-rate.ts';
import { train } from '../../../../src/main/engine/commands/train.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { bestTrial, trialsOf } from '../../../../src/shared/rate-search.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { ofCurves } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';
import { fixturePath } from '../parity/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-search-'));
const data = join(root, 'data.jsonl');
const lines = Array.from({ length: 40 }, (_, n) =>
  JSON.stringify({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` }),
);
writeFileSync(data, lines.join('\n'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Twenty steps of warm-up, so that sixty are tried. */
const config: TrainingConfig = {
  ...trainingDefaults,
  generalText: { kind: 'off' },
  ...{ name: '', model: fixturePath('models/tiny-tied'), data },
  validation: { kind: 'split', fraction: 0.2 },
  duration: { kind: 'steps', steps: 60 },
  ...{ batchSize: 1, sequenceLength: 64, warmupSteps: 20, learningRate: 5e-3 },
  // In bfloat16 a product of more rows may be rounded in another way.
  precision: 'float32',
};
/** The last has no number for a loss soon. */
const trials = trialsOf([1e-6, 5e-3, 1e30], [16]);

function hearing(signal = new AbortController().signal) {
  const losses = trials.map((): number[] => []);
  const progress: number[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind === 'progress' && event.phase.startsWith('Trying'))
      progress.push(event.done / event.total);
    if (event.kind === 'variant' && event.event.kind === 'step')
      losses[event.variant]?.push(event.event.point.loss);
  };
  return { losses, progress, context: { signal, emit } };
}

test('a trial has the losses of the run and of its validation; one that diverges has none', async () => {
  const { losses, progress, context } = hearing();
  const search = await searchRate({ config, trials }, context);
  expect(search).toMatchObject({ steps: 60, totalSteps: 60, measure: 'validation' });
  expect(search.trials.map(({ learningRate }) => learningRate)).toEqual([1e-6, 5e-3, 1e30]);
  expect(progress.at(-1)).toBe(1);
  expect(progress).toHaveLength(60);

  const run = { losses: [] as number[], validation: NaN };
  await train(
    { config, output: join(root, 'adapter') },
    {
      signal: new AbortController().signal,
      emit: (event) => {
        if (event.kind === 'step') run.losses.push(event.point.loss);
        if (event.kind === 'validation') run.validation = event.point.loss;
      },
    },
  );
  expect(relativeDifference(losses[1] ?? [], run.losses)).toBeLessThan(ofCurves);
  expect(relativeDifference([search.trials[1]?.loss ?? NaN], [run.validation])).toBeLessThan(
    ofCurves,
  );

  expect(bestTrial(search.trials)).toBe(1);
  expect(search.trials[2]?.loss).toBeNull();
  expect(search.trials[2]?.problem?.code).toBe('train/loss-not-finite');
  expect(losses[2]?.length).toBeLessThan(60);
});

test('what a run would be told is told before the trials', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind !== 'notice' || !event.text.includes('warm-up')) return;
    told.push(event.text);
    stop.abort();
  };
  const short = { ...config, duration: { kind: 'steps', steps: 6 } } as const;
  const problem = await problemOf(() =>
    searchRate({ config: short, trials }, { emit, signal: stop.signal }),
  );
  expect(problem.code).toBe('engine/cancelled');
  expect(told).toHaveLength(1);
});

test('trials that have no room together are made one after another, and come to the same', async () => {
  const short = { ...config, duration: { kind: 'steps', steps: 6 }, warmupSteps: 0 } as const;
  const unvalidated: TrainingConfig = { ...short, validation: { kind: 'none' } };
  const near = trialsOf([1e-3, 5e-3, 1e-2], [16]);
  const request = { config: unvalidated, trials: near };
  const together = await searchRate(request, hearing().context);
  expect(together).toMatchObject({ measure: 'training', measuredOver: 2, steps: 6 });
  const sizes: number[] = [];
  const apart = hearing();
  // What a run looks at under way makes neither the program of a trial larger nor its losses others.
  const looking: TrainingConfig = {
    ...unvalidated,
    watched: { kind: 'typed', prompts: ['light'] },
  };
  const search = await searchRate({ ...request, config: looking }, apart.context, ({ held }) => {
    expect(held.options.answers).toBeUndefined();
    expect(held.options.generalCapacity).toBeUndefined();
    sizes.push(held.options.layout.adapters.length);
    return false;
  });
  expect(sizes).toEqual([3, 2]);
  expect(apart.losses.map(({ length }) => length)).toEqual([6, 6, 6]);
  const found = (each: typeof search) => each.trials.map(({ loss }) => loss ?? NaN);
  expect(relativeDifference(found(search), found(together))).toBeLessThan(ofCurves);
});

test('a search is stopped between two steps', async () => {
  const stop = new AbortController();
  const { losses, context } = hearing(stop.signal);
  const emit = (event: EngineEvent) => {
    context.emit(event);
    if ((losses[0]?.length ?? 0) === 3) stop.abort();
  };
  const problem = await problemOf(() => searchRate({ config, trials }, { ...context, emit }));
  expect(problem.code).toBe('engine/cancelled');
  expect(losses[0]).toHaveLength(3);
});
