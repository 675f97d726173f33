/** A run is compiled where that is earned back, and learns the same. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withTraining } from '../../../../src/main/engine/commands/open-training.ts';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { loadBinding } from '../../../../src/main/engine/runtime/binding.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { ofCurves } from '../parity/bounds.ts';
import { gap } from '../parity/loss-curves.ts';
import { shortRun, type Changes } from '../train/short-run.ts';

const ofSteps = (folder: string, steps: number, more: Changes = {}) =>
  shortRun(folder, {
    ...{ duration: { kind: 'steps', steps }, scheduler: 'constant', generalText: { kind: 'off' } },
    ...more,
  });

const fusionOf = (...configs: TrainingConfig[]) =>
  withTraining(configs, undefined, { emit: () => undefined }, ({ held }) => held.options.fusion);

const onGpu = loadBinding().isUsingGpuDevice();
/** The model has 142,000 parameters, and a batch 128 tokens: 50,000 steps are more than `worthCompiling`. */
const long = 50_000;

test.runIf(!onGpu)(
  'steps and batches in a step count, and not the adapters beside a run',
  async () => {
    const folder = temporaryFolder();
    const some = long / 4;
    expect(await fusionOf(ofSteps(folder, 3))).toBe('none');
    expect(await fusionOf(ofSteps(folder, long))).toBe('islands');
    expect(await fusionOf(ofSteps(folder, some))).toBe('none');
    expect(await fusionOf(ofSteps(folder, some, { gradientAccumulation: 4 }))).toBe('islands');
    const four = [1, 2, 3, 4].map((seed) => ofSteps(folder, some, { seed }));
    expect(await fusionOf(...four)).toBe('none');
    expect(await fusionOf(...four, ofSteps(folder, long), ofSteps(folder, 3))).toBe('islands');
  },
);

/** Of a run that is stopped after three steps. */
async function threeLosses(steps: number): Promise<number[]> {
  const folder = temporaryFolder();
  const stop = new AbortController();
  const losses: number[] = [];
  await train(
    { config: ofSteps(folder, steps), output: join(folder, 'adapter') },
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
