import { describe, expect, test } from 'vitest';
import { checkDraft, type DraftLimits } from '../../../src/renderer/lib/draft-check.ts';
import { limitsOf } from '../../../src/renderer/lib/draft-limits.ts';
import { draftOf, emptyDraft, fitting, type Draft } from '../../../src/renderer/lib/draft.ts';
import {
  trainingConfig,
  type TrainingConfig,
} from '../../../src/shared/contract/training-config.ts';

const limits: DraftLimits = {
  targets: 'all-linear',
  bounds: { rank: { least: 1, most: 192 }, sequenceLength: { most: 8192 } },
  ownRanks: null,
};
const filled = (over: Partial<Draft> = {}): Draft => ({
  ...emptyDraft(),
  model: '/models/a.gguf',
  data: '/data/train.jsonl',
  ...over,
});
const problemsOf = (over: Partial<Draft>, more: Partial<DraftLimits> = {}) => {
  const checked = checkDraft(filled(over), { ...limits, ...more });
  return checked.ok ? {} : checked.problems;
};

test('the form as it opens lacks a model and data, and nothing else', () => {
  const checked = checkDraft(emptyDraft(), { targets: null, ...limitsOf(null, null, null) });
  expect(checked.ok ? [] : Object.keys(checked.problems)).toEqual(['model', 'data']);
});

test('what the form accepts, the main process accepts', () => {
  const checked = checkDraft(filled({ name: '  first  ' }), limits);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(trainingConfig.parse(checked.config)).toEqual(checked.config);
  expect(checked.config.name).toBe('first');
  expect(checked.config.validation).toEqual({ kind: 'split', fraction: 0.1 });
});

describe('mistakes are said at their field', () => {
  test.each<[keyof Draft, Partial<Draft>]>([
    ['rank', { rank: 0 }],
    ['rank', { rank: 193 }],
    ['rank', { rank: 2.5 }],
    ['rank', { rank: null }],
    ['alpha', { alpha: 0 }],
    ['loraPlusRatio', { loraPlusRatio: 0 }],
    ['dropout', { dropout: 1 }],
    ['epochs', { epochs: 0 }],
    ['steps', { durationKind: 'steps', steps: 1.5 }],
    ['batchSize', { batchSize: 0 }],
    ['sequenceLength', { sequenceLength: 7 }],
    ['sequenceLength', { sequenceLength: 8193 }],
    ['learningRate', { learningRate: NaN }],
    ['warmupSteps', { warmupSteps: -1 }],
    ['seed', { seed: null }],
    ['validationPercent', { validationPercent: 100 }],
    ['validationFile', { validationKind: 'file' }],
    ['generalFile', { generalKind: 'file' }],
    ['watchedText', { watchedKind: 'typed', watchedText: ' \n ' }],
    ['watchedText', { watchedKind: 'typed', watchedText: 'a\n'.repeat(17) }],
    ['watchedCount', { watchedKind: 'validation', watchedCount: 17 }],
  ])('%s: %o', (field, over) => {
    expect(Object.keys(problemsOf(over))).toEqual([field]);
  });

  test('no cell of the grid', () => {
    expect(Object.keys(problemsOf({}, { targets: null }))).toEqual(['targets']);
  });

  test('what is wrong with own ranks', () => {
    expect(problemsOf({}, { ownRanks: 'Too large.' })).toEqual({ rankPattern: 'Too large.' });
  });

  test('a field that is not in use is not looked at', () => {
    expect(problemsOf({ validationKind: 'none', validationPercent: null, steps: null })).toEqual(
      {},
    );
  });

  test('the bound is named', () => {
    expect(problemsOf({ rank: 193 }).rank).toBe('A whole number from 1 to 192.');
  });
});

test('a configuration fills the form, and the form gives it back', () => {
  const config: TrainingConfig = {
    name: 'again',
    model: '/models/a.gguf',
    data: '/data/train.jsonl',
    columns: [{ name: 'question', as: 'prompt' }],
    validation: { kind: 'split', fraction: 0.07 },
    fromAdapter: '/adapters/first',
    lora: {
      rank: 4,
      alpha: 8,
      dropout: 0.05,
      rankPattern: { q_proj: 2 },
      alphaPattern: {},
      useRslora: true,
      useDora: true,
      init: 'pissa',
      loraPlusRatio: 16,
      targets: [{ module: 'q_proj', layers: [1, 2] }],
    },
    duration: { kind: 'steps', steps: 12 },
    batchSize: 2,
    gradientAccumulation: 3,
    sequenceLength: 256,
    thinking: 'off',
    learningRate: 3e-4,
    scheduler: 'linear',
    warmupSteps: 0,
    weightDecay: 0.1,
    maxGradNorm: 0,
    routerLoss: 0.01,
    precision: 'float32',
    base: 'nf4',
    doubleQuant: true,
    keep: 'inputs',
    ...{ validateEvery: 25, patience: 3, leastImprovement: 0.01 },
    ...{ checkpointEvery: 50, checkpointMinutes: 2, keepCheckpoints: 3, runAnyway: true },
    seed: 7,
    generalText: { kind: 'file', path: '/data/general.jsonl' },
    watched: { kind: 'typed', prompts: ['dim the lights', 'what is the time?'] },
    ...{ answerEvery: 20, answerTokens: 32 },
    task: 'sequence-classification',
    problem: 'regression',
  };
  const checked = checkDraft(draftOf(config), { ...limits, targets: config.lora.targets });
  expect(checked).toEqual({ ok: true, config });
});

test('what means nothing for a task, a model or a form of the base has its default', () => {
  const changed = { routerLoss: 0.5, thinking: 'on', doubleQuant: true } as const;
  const draft: Draft = { ...emptyDraft(), ...changed, generalKind: 'off' };
  const others = { validated: true, patience: 1, checkpoints: true, prompts: true };
  const mixture = fitting(draft, { ...others, task: 'causal-lm', experts: true, base: 'nf4' });
  expect(mixture).toMatchObject({ ...changed, generalKind: 'off' });
  const task = 'sequence-classification';
  const plain = fitting(draft, { ...others, task, experts: false, base: 'int8' });
  expect(plain).toMatchObject({ routerLoss: 0, thinking: 'auto', doubleQuant: false });
  expect(plain.generalKind).toBe('own');
  // It may take NF4.
  const automatic = fitting(draft, { ...others, task, experts: false, base: 'auto' });
  expect(automatic).toMatchObject({ doubleQuant: true });
});
