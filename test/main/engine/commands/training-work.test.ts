/** A run is compiled where that is earned back, and learns the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { withTraining } from '../../../../src/main/engine/commands/open-training.ts';
import { loadBinding } from '../../../../src/main/engine/runtime/binding.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { ofCurves } from '../parity/bounds.ts';
import { fixturePath } from '../parity/fixtures.ts';
import { gap } from '../parity/loss-curves.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-work-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const data = join(root, 'data.jsonl');
writeFileSync(
  data,
  Array.from({ length: 8 }, (_, n) =>
    JSON.stringify({ prompt: `a${n}`, completion: `b${n}` }),
  ).join('\n'),
);

const ofSteps = (steps: number, more: Partial<TrainingConfig> = {}): TrainingConfig => ({
  ...trainingDefaults,
  ...{ name: '', model: fixturePath('models/tiny-tied'), data, validation: { kind: 'none' } },
  ...{ sequenceLength: 32, batchSize: 2, precision: 'float32', generalText: { kind: 'off' } },
  ...{ warmupSteps: 0, scheduler: 'constant', duration: { kind: 'steps', steps } },
  ...more,
});

const fusionOf = (...configs: TrainingConfig[]) =>
  withTraining(configs, undefined, { emit: () => undefined }, ({ held }) => held.options.fusion);

const onGpu = loadBinding().isUsingGpuDevice();
/** The model has 142,000 parameters, and a batch 64 tokens: 100,000 steps are more than `worthCompiling`. */
const long = 100_000;

test.runIf(!onGpu)(
  'steps and batches in a step count, and not the adapters beside a run',
  async () => {
    const some = long / 4;
    expect(await fusionOf(ofSteps(3))).toBe('none');
    expect(await fusionOf(ofSteps(long))).toBe('islands');
    expect(await fusionOf(ofSteps(some))).toBe('none');
    expect(await fusionOf(ofSteps(some, { gradientAccumulation: 4 }))).toBe('islands');
    const four = [1, 2, 3, 4].map((seed) => ofSteps(some, { seed }));
    expect(await fusionOf(...four)).toBe('none');
    expect(await fusionOf(...four, ofSteps(long), ofSteps(3))).toBe('islands');
  },
);

/** Of a run that is stopped after three steps. */
async function threeLosses(steps: number): Promise<number[]> {
  const stop = new AbortController();
  const losses: number[] = [];
  await train(
    { config: ofSteps(steps), output: join(root, String(steps)) },
    {
      signal: stop.signal,
      emit: (event) => {
        if (event.kind !== 'step') return;
        losses.push(event.point.loss);
        if (losses.length === 3) stop.abort(askedTo('stop', 'it'));
      },
    },
  );
  return losses;
}

test('compiled or not, a run learns the same', async () => {
  const brief = await threeLosses(3);
  expect(brief).toHaveLength(3);
  expect(gap(await threeLosses(long), brief)).toBeLessThan(ofCurves);
});
