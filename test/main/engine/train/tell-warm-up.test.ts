/** What a run is told of a warm-up that it does not get through. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { handlers } from '../../../../src/main/engine/commands/index.ts';
import { tellWarmUp } from '../../../../src/main/engine/train/tell-warm-up.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { shortRun } from './short-run.ts';

const told = (warmupSteps: number, totalSteps: number) =>
  tellWarmUp({ scheduler: 'cosine', warmupSteps }, { totalSteps });

it.each([
  // The first step is at 0, so the fifth has four tenths.
  [10, 5, '10 steps and the run 5 steps, with which the learning rate gets to 40.0 % of'],
  [10, 10, '10 steps and the run 10 steps, with which the learning rate gets to 90.0 % of'],
  [2, 1, '2 steps and the run 1 step, with which the learning rate stays 0 and nothing is learnt'],
  [1, 1, '1 step and the run 1 step, with which the learning rate stays 0 and nothing is learnt'],
])('%i steps of warm-up, %i of the run', (warmUp, total, sentence) => {
  expect(told(warmUp, total)).toEqual([expect.stringContaining(`The warm-up takes ${sentence}`)]);
});

it.each([
  [10, 11],
  [0, 1],
])('%i steps of warm-up are over in %i steps', (warmUp, total) => {
  expect(told(warmUp, total)).toEqual([]);
});

it('a run is told before its first step, and so is who asks what it would need', async () => {
  const folder = temporaryFolder();
  const config = shortRun(folder, { warmupSteps: 10, generalText: { kind: 'off' } });
  const heard: EngineEvent['kind'][] = [];
  const context = {
    emit: (event: EngineEvent) => {
      if (event.kind !== 'notice' || event.text.includes('warm-up')) heard.push(event.kind);
    },
    signal: new AbortController().signal,
  };
  await handlers['train.estimate']({ configs: [config] }, context);
  expect(heard.filter((kind) => kind === 'notice')).toHaveLength(1);
  heard.length = 0;
  await handlers.train({ config, output: join(folder, 'adapter') }, context);
  expect(heard.filter((kind) => kind === 'notice')).toHaveLength(1);
  expect(heard.indexOf('notice')).toBeLessThan(heard.indexOf('step'));
});
