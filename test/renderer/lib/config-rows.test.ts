/** The settings of a run as rows. */
import { expect, test } from 'vitest';
import { configRows } from '../../../src/renderer/lib/config-rows.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';

test('a run has the settings that mean something in its task, and no others', () => {
  const config = (task: TrainingConfig['task']): TrainingConfig => ({
    ...trainingDefaults,
    ...{ task, name: 'a', model: '/m', data: '/d', validation: { kind: 'none' } },
  });
  const keys = (task: TrainingConfig['task']) => configRows(config(task)).map(({ key }) => key);
  const answers = keys('causal-lm');
  const classes = keys('sequence-classification');
  expect(answers).toContain('thinking');
  expect(answers).not.toContain('problem');
  expect(classes).toContain('problem');
  expect(classes).not.toContain('thinking');
});

test('what a run started from is said, and nothing of a new adapter', () => {
  const config: TrainingConfig = {
    ...trainingDefaults,
    ...{ name: 'a', model: '/m', data: '/d', validation: { kind: 'none' } },
  };
  const said = (fromAdapter: string | null) =>
    configRows({ ...config, fromAdapter }).find(({ key }) => key === 'fromAdapter')?.value;
  expect(said('/adapters/first')).toBe('first');
  expect(said(null)).toBe(undefined);
});

test('a 0 that stands for something is said in words, without the unit of other values', () => {
  const config: TrainingConfig = {
    ...trainingDefaults,
    ...{ name: 'a', model: '/m', data: '/d', validation: { kind: 'split', fraction: 0.1 } },
  };
  const said = (changes: Partial<TrainingConfig>) =>
    Object.fromEntries(configRows({ ...config, ...changes }).map(({ key, value }) => [key, value]));
  expect(said({ patience: 0, validateEvery: 0, checkpointMinutes: 0 })).toMatchObject({
    patience: 'off',
    validateEvery: 'a fifth of the run',
    checkpointMinutes: 'off',
  });
  expect(said({ patience: 3, validateEvery: 20, checkpointMinutes: 5 })).toMatchObject({
    patience: '3 validations',
    validateEvery: '20 steps',
    checkpointMinutes: '5 minutes',
  });
  // Of a run without validation nothing is said that it needs.
  const rows = said({ validation: { kind: 'none' } });
  expect(['patience', 'validateEvery', 'leastImprovement'].filter((key) => key in rows)).toEqual(
    [],
  );
});

test('what forgetting is measured on is said of a model that answers, and of no classifier', () => {
  const config: TrainingConfig = {
    ...trainingDefaults,
    ...{ name: 'a', model: '/m', data: '/d', validation: { kind: 'none' } },
  };
  const said = (changes: Partial<TrainingConfig>) =>
    configRows({ ...config, ...changes }).find(({ key }) => key === 'generalText')?.value;
  expect(said({})).toBe("on Lorikeet's text");
  expect(said({ generalText: { kind: 'file', path: '/texts/mine.jsonl' } })).toBe('on mine.jsonl');
  expect(said({ generalText: { kind: 'off' } })).toBe('not measured');
  expect(said({ task: 'sequence-classification' })).toBe(undefined);
});
