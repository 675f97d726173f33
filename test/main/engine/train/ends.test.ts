/** How runs end or pause: early, with the best adapter, or at a divergence with a checkpoint to go on from. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { evaluate } from '../../../../src/main/engine/commands/evaluate.ts';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-ends-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const model = fixturePath('models/tiny-tied');
const data = join(root, 'data.jsonl');
const other = join(root, 'other.jsonl');
const lines = (of: (n: number) => string) =>
  Array.from({ length: 12 }, (_, n) => JSON.stringify({ prompt: `light ${n}`, completion: of(n) }));
// What is learnt of the one is wrong for the other: its loss rises soon.
writeFileSync(data, lines((n) => `{"n":${n}}`).join('\n'));
writeFileSync(other, lines((n) => `${9 - (n % 7)}:light, off`).join('\n'));

function configOf(changes: Partial<TrainingConfig>): TrainingConfig {
  return {
    ...trainingDefaults,
    generalText: { kind: 'off' },
    ...{ name: '', model, data, validation: { kind: 'file', path: other } },
    duration: { kind: 'steps', steps: 60 },
    ...{
      batchSize: 2,
      sequenceLength: 32,
      warmupSteps: 0,
      scheduler: 'constant',
      precision: 'float32',
    },
    ...{ learningRate: 2e-2, validateEvery: 2 },
    ...changes,
  };
}

async function run(config: TrainingConfig, name: string, checkpoints?: string) {
  const events: EngineEvent[] = [];
  const output = join(root, name);
  const outcome = await train(
    { config, output, ...(checkpoints !== undefined && { checkpoints }) },
    { signal: new AbortController().signal, emit: (event) => events.push(event) },
  );
  return { outcome, events, output };
}

test('a run that is stopped before its first step has no adapter', async () => {
  const stop = new AbortController();
  const output = join(root, 'nothing');
  const emit = (event: EngineEvent) => {
    if (event.kind === 'prepared') stop.abort(askedTo('stop', 'it'));
  };
  const config = configOf({});
  const stopped = () => train({ config, output }, { signal: stop.signal, emit });
  expect((await problemOf(stopped)).code).toBe('engine/cancelled');
  expect(existsSync(output)).toBe(false);
});

async function lossOf(path: string): Promise<number> {
  const { loss } = await evaluate(
    {
      ...{ model, adapters: [{ path, weight: 1 }], precision: 'float32' },
      ...{ data: { path: other, columns: [] }, limit: null, answers: 0, sequenceLength: 32 },
    },
    { signal: new AbortController().signal, emit: () => undefined },
  );
  return loss;
}

test('a run that stays worse ends early; its adapter is the best one, and the last lies beside it', async () => {
  const { outcome, events, output } = await run(configOf({ patience: 3 }), 'early');
  if (outcome.kind !== 'trained') throw new Error('it paused');
  const { best, last, early, steps, stopped, adapter } = outcome.result;
  expect({ early, stopped }).toEqual({ early: true, stopped: false });
  expect(steps).toBeLessThan(60);
  const validations = events.flatMap((event) => (event.kind === 'validation' ? [event.point] : []));
  const lowest = validations.toSorted((a, b) => a.loss - b.loss)[0];
  expect(best).toEqual({ step: lowest?.step, loss: lowest?.loss });
  expect(validations.slice(-3).every(({ loss }) => loss >= (best?.loss ?? NaN))).toBe(true);
  expect(adapter).toBe(output);
  expect(last).toBe(`${output}-last`);
  const rounding = 1e-5;
  expect(Math.abs((await lossOf(adapter)) - (best?.loss ?? NaN))).toBeLessThan(rounding);
  const end = validations.at(-1)?.loss ?? NaN;
  expect(Math.abs((await lossOf(last ?? '')) - end)).toBeLessThan(rounding);
});

test('where the last validation is the best there is one adapter', async () => {
  const config = configOf({
    validation: { kind: 'file', path: data },
    duration: { kind: 'steps', steps: 4 },
  });
  const { outcome, output } = await run(config, 'still-better');
  expect(outcome).toMatchObject({
    kind: 'trained',
    result: { best: { step: 4 }, last: null, early: false },
  });
  expect(existsSync(`${output}-last`)).toBe(false);
});

test('a loss that is no number pauses the run at its last sound checkpoint and says where', async () => {
  const wild = configOf({
    // The first step of a warm-up changes nothing.
    ...{ learningRate: 1e25, warmupSteps: 1, checkpointEvery: 1, keepCheckpoints: 1 },
    ...{ validation: { kind: 'none' }, validateEvery: 0 },
  });
  const { outcome, events, output } = await run(wild, 'wild', join(root, 'wild.checkpoints'));
  if (outcome.kind !== 'paused') throw new Error('it did not pause');
  const { checkpoint, problem } = outcome.paused;
  expect(problem?.code).toBe('train/loss-not-finite');
  const steps = events.flatMap((event) => (event.kind === 'step' ? [event.point.step] : []));
  const last = steps.at(-1) ?? NaN;
  expect(problem?.where).toMatch(new RegExp(`^step ${last + 1}, \\w+ of layer [01]$`));
  // The step before it left what has no loss.
  expect(checkpoint?.step).toBe(last - 1);
  expect(existsSync(checkpoint?.path ?? '')).toBe(true);
  expect(existsSync(output)).toBe(false);
});

test('the first best validation is kept, whenever checkpoints are due', async () => {
  const config = configOf({
    ...{ duration: { kind: 'steps', steps: 6 }, validateEvery: 2, learningRate: 1e-3 },
    ...{ checkpointEvery: 0, checkpointMinutes: 0 },
  });
  const { events } = await run(config, 'kept', join(root, 'kept.checkpoints'));
  const kept = events.flatMap((event) =>
    event.kind === 'checkpoint' ? [event.checkpoint.step] : [],
  );
  expect(kept).toEqual([2]);
});

test.each<Partial<TrainingConfig>>([
  { patience: 2 },
  { validateEvery: 2 },
  { leastImprovement: 0.5 },
])('%j without validation is refused', async (asked) => {
  const problem = await problemOf(() =>
    run(configOf({ validateEvery: 0, ...asked, validation: { kind: 'none' } }), 'idle'),
  );
  expect(problem).toMatchObject({ code: 'train/idle-setting' });
});
