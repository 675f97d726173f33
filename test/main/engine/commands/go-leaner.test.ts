/** A run that goes on with less memory reads its files anew: they have to be what they were. */
import { expect, test } from 'vitest';
import { goLeaner } from '../../../../src/main/engine/commands/go-leaner.ts';
import { keepsNothing } from '../../../../src/main/engine/train/state-keeper.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { smallConfig } from '../../small-config.ts';
import { problemOf } from '../checkpoint/fixtures.ts';

const file = (path: string, sha256: string) => ({ path, sha256, bytes: 1 });
const filesWith = (data: string) => ({
  base: file('/models/small.gguf', 'base'),
  data: [[{ ...file('/data/small.jsonl', data), role: 'training' as const }]],
  starts: [null],
});
const none = new Float32Array(0);
const state = {
  trainer: {
    steps: 1,
    vectors: { parameters: none, firstMoment: none, secondMoment: none, gradientSum: none },
    experts: [],
  },
  runs: [],
  seconds: 1,
  general: null,
};

const program = { layout: { adapters: [], size: 0 }, architecture: { experts: null } };
const tokensAs = (training: string) => () => [{ training, validation: '' }];

async function leanerAfter(files: () => Promise<ReturnType<typeof filesWith>>) {
  const told: EngineEvent[] = [];
  const config = { ...smallConfig(), keep: 'all' as const };
  const from = {
    ...{ configs: [config], state: null, checkpoint: null, left: 0 },
    check: () => Promise.resolve(),
  };
  const session = {
    requests: [{ config, output: '/out' }],
    date: '2026-11-26',
    from,
    leaner: false,
  };
  const held = {
    base: { form: 'dense' as const, doubleQuant: false },
    options: { shape: { rows: 4, length: 8 }, computeType: 'float32' as const },
  };
  const runs = [{ emit: (event: EngineEvent) => told.push(event) }];
  const tokens = tokensAs('before');
  const work = { training: { held }, runs, keeper: keepsNothing, found: { files, tokens } };
  const next = await goLeaner(session, { why: 'Too much.', step: 1, state }, work);
  return { next, told };
}

test('it goes on with less kept, from where it is, and refuses data that has changed meanwhile', async () => {
  const { next, told } = await leanerAfter(() => Promise.resolve(filesWith('before')));
  expect(next).toMatchObject({
    leaner: true,
    from: { state, configs: [{ precision: 'float32' }] },
  });
  expect(told).toMatchObject([{ kind: 'change', change: { step: 1 } }]);
  const check = (data: string, tokens: string) =>
    next?.from.check({
      ...{ files: () => Promise.resolve(filesWith(data)), tokens: tokensAs(tokens), program },
    });
  await check('before', 'before');
  const problem = await problemOf(() => check('after', 'after'));
  expect(problem).toMatchObject({ code: 'resume/file-changed', where: '/data/small.jsonl' });
  const other = await problemOf(() => check('before', 'after'));
  expect(other).toMatchObject({ code: 'resume/tokens-changed', where: '/models/small.gguf' });
});

test('where what it learnt from is not known any more it ends with what it has', async () => {
  const { next, told } = await leanerAfter(() => Promise.reject(new Error('gone')));
  expect(next).toBeNull();
  expect(told).toEqual([]);
});
