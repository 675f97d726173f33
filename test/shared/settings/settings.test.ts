/** The table of settings: its rows agree with each other, and what is derived from them with what is known of it. */
import { describe, expect, test } from 'vitest';
import { trainingConfig } from '../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';
import { byModule, choice, number, whole } from '../../../src/shared/settings/kind.ts';
import { ownSettings, programKeys, scheduleKeys } from '../../../src/shared/settings/scopes.ts';
import { keysOf, type Setting } from '../../../src/shared/settings/setting.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  trainingSettings,
} from '../../../src/shared/settings/table.ts';

const rows = { ...dataSettings, ...adapterSettings, ...lengthSettings, ...trainingSettings };
const config = {
  ...trainingDefaults,
  ...{ name: '', model: 'm', data: 'd', validation: { kind: 'none' } },
};

describe.each(keysOf(rows))('%s', (key) => {
  const row: Setting<unknown> = rows[key];

  test('has a default that fits, and a flag of its own', () => {
    expect(row.kind.is(row.default) && row.kind.fits(row.default)).toBe(true);
    expect(keysOf(rows).filter((other) => rows[other].flag === row.flag)).toEqual([key]);
  });
});

test('the adapters of one program agree on what is compiled, and each has the rest of its own', () => {
  expect([...programKeys].sort()).toEqual([
    ...['answerTokens', 'base', 'batchSize', 'checkpointEvery', 'checkpointMinutes', 'doubleQuant', 'dropout', 'generalText'],
    ...['gradientAccumulation', 'keep', 'keepCheckpoints', 'maxGradNorm', 'model', 'precision', 'problem'],
    ...['runAnyway', 'sequenceLength', 'task', 'thinking', 'watched', 'weightDecay'],
  ]);
  expect([...ownSettings].sort()).toEqual([
    ...['alpha', 'alphaPattern', 'answerEvery', 'epochs', 'init', 'learningRate', 'leastImprovement', 'loraPlusRatio'],
    ...['patience', 'rank', 'rankPattern', 'routerLoss', 'scheduler', 'seed', 'steps'],
    ...['useDora', 'useRslora', 'validateEvery', 'warmupSteps'],
  ]);
  expect([...scheduleKeys].sort()).toEqual([
    ...["answerEvery", "learningRate", "leastImprovement", "loraPlusRatio", "patience", "routerLoss", "scheduler"],
    ...['validateEvery', 'warmupSteps'],
  ]);
});

test('a record from before a setting was there has its default', () => {
  const { keep, ...rest } = config;
  const { useDora, ...lora } = rest.lora;
  const parsed = trainingConfig.parse({ ...rest, lora });
  expect([parsed.keep, parsed.lora.useDora]).toEqual([keep, useDora]);
});

test.each([
  [{ batchSize: 0 }, 'batchSize', 'expected a whole number from 1'],
  [{ batchSize: '4' }, 'batchSize', 'expected a whole number from 1'],
  [{ keep: 'nothing' }, 'keep', 'expected one of all, products, inputs'],
  [{ learningRate: NaN }, 'learningRate', 'expected a number above 0'],
])('%j is refused at its place', (change, path, message) => {
  expect(trainingConfig.safeParse({ ...config, ...change }).error?.issues).toMatchObject([
    { path: [path], message },
  ]);
});

test('kinds say what they expect, within the bounds of a model too', () => {
  expect(whole(8).expected({ most: 8192 })).toBe('a whole number from 8 to 8,192');
  expect(whole().expected()).toBe('a whole number');
  expect([1, 2, 2.5].map((value) => whole().fits(value, { least: 2, most: 4 }))).toEqual([
    ...[false, true, false],
  ]);
  const share = number({ expected: 'a share', fits: (value) => value < 1 });
  expect([0.5, 1, NaN, -Infinity].map((value) => share.fits(value))).toEqual([
    ...[true, false, false, false],
  ]);
});

test('values are said with the words of the form', () => {
  expect(choice({ a: 'First' }).say('a')).toBe('First');
  expect(choice({ a: 'First' }).is('toString')).toBe(false);
  expect(choice({ a: { label: 'First', help: 'More.' } }).say('a')).toBe('First');
  const ranks = byModule(whole(), '{"q_proj": 4}');
  expect([ranks.say({}), ranks.say({ q_proj: 4, k_proj: 2 })]).toEqual([
    ...[null, 'q_proj: 4, k_proj: 2'],
  ]);
  expect([[4], null, { q_proj: '4' }, { q_proj: 4 }].map((value) => ranks.is(value))).toEqual([
    ...[false, false, false, true],
  ]);
});
