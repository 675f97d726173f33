/** What the form sends to the engine. */
import { afterEach, expect, test, vi } from 'vitest';
import { readKept } from '../../../src/renderer/lib/kept-form.ts';
import { library } from '../../../src/renderer/state/library.svelte.ts';
import { newRun } from '../../../src/renderer/state/new-run.svelte.ts';
import type { ModelDescription } from '../../../src/shared/contract/records.ts';
import { smallConfig } from '../../main/small-config.ts';
import { smolModel } from '../smol-model.ts';

const smol: ModelDescription = {
  ...smolModel(),
  ...{ format: 'gguf', architecture: 'llama', parameters: 1, hiddenSize: 1 },
  ...{ vocabSize: 1, contextLength: 1024, storedAs: [], fileBytes: 1, hasChatTemplate: true },
  ...{ tasks: ['causal-lm', 'sequence-classification'], labels: null },
};
const encoder: ModelDescription = { ...smol, tasks: ['sequence-classification'] };
const model = (id: number, path: string, description: ModelDescription) => ({
  ...{ id, name: path, path, description, addedAt: 0 },
});
library.models = [model(1, '/m', smol), model(2, '/encoder', encoder)];

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a model leads to a task that it can be trained for, and the choice outlives it', () => {
  newRun.reset();
  Object.assign(newRun.draft, { model: '/m', data: '/d.jsonl', thinking: 'on' });
  expect(newRun.task).toBe('causal-lm');
  newRun.draft.model = '/encoder';
  expect(newRun.task).toBe('sequence-classification');
  // What means nothing to a classifier is not sent along.
  expect(newRun.checked).toMatchObject({
    config: { task: 'sequence-classification', thinking: 'auto' },
  });
  newRun.draft.model = '/m';
  expect(newRun.checked).toMatchObject({ config: { task: 'causal-lm', thinking: 'on' } });
  newRun.draft.task = 'sequence-classification';
  expect(newRun.task).toBe('sequence-classification');
});

test('answers are trained on with the settings that are there, from an adapter only of the same model', () => {
  newRun.reset();
  const settings = { model: '/m', fromAdapter: '/a', learningRate: 3e-4 };
  const other = { task: 'sequence-classification', columns: [{ from: 'q', to: 'prompt' }] };
  Object.assign(newRun.draft, { ...settings, ...other });
  newRun.trainOn('/m', '/chat.jsonl');
  const answers = { data: '/chat.jsonl', task: 'causal-lm', columns: [] };
  expect(newRun.draft).toMatchObject({ ...settings, ...answers });
  newRun.trainOn('/encoder', '/chat.jsonl');
  expect(newRun.draft).toMatchObject({ model: '/encoder', fromAdapter: null });
});

test('what needs validation is neither there nor sent without it, and outlives that', () => {
  newRun.reset();
  const asked = { validateEvery: 3, patience: 2, leastImprovement: 0.5 };
  Object.assign(newRun.draft, { model: '/m', data: '/d.jsonl', ...asked });
  expect(newRun.checked).toMatchObject({ config: asked });
  newRun.draft.patience = 0;
  expect(newRun.checked).toMatchObject({ config: { ...asked, patience: 0, leastImprovement: 0 } });
  Object.assign(newRun.draft, { patience: 2, validationKind: 'none' });
  const idle = { validateEvery: 0, patience: 0, leastImprovement: 0 };
  expect(newRun.checked).toMatchObject({ config: idle });
  newRun.draft.validationKind = 'split';
  expect(newRun.checked).toMatchObject({ config: asked });
});

test('the settings of the form are plain data, which other processes can be sent', () => {
  newRun.reset();
  Object.assign(newRun.draft, { model: '/m', data: '/d.jsonl', rankPattern: { q_proj: 4 } });
  const { checked } = newRun;
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(structuredClone(checked.config).lora.rankPattern).toEqual({ q_proj: 4 });
});

test('a run that starts from an adapter has its form, and data and training as they were', async () => {
  newRun.reset();
  Object.assign(newRun.draft, { model: '/encoder', data: '/d.jsonl', init: 'pissa', seed: 3 });
  newRun.choose([]);
  const targets = [{ module: 'q_proj', layers: [1, 2] }];
  const patterns = { rankPattern: { q_proj: 4 }, alphaPattern: {} };
  const lora = { rank: 5, alpha: 7, useRslora: true, useDora: true, ...patterns, targets };
  const value = { task: 'causal-lm', problem: 'auto', lora };
  const invoke = vi.fn(() => Promise.resolve({ ok: true, value }));
  vi.stubGlobal('window', { lorikeet: { invoke } });
  await newRun.startFrom('/m', '/adapters/first');
  expect(invoke).toHaveBeenCalledWith('adapters.form', { model: '/m', path: '/adapters/first' });
  const expected = { model: '/m', data: '/d.jsonl', fromAdapter: '/adapters/first', seed: 3 };
  expect(newRun.checked).toMatchObject({
    config: { ...expected, lora: { ...lora, init: 'default' } },
  });
  newRun.draft.fromAdapter = null;
  expect(newRun.checked).toMatchObject({ config: { fromAdapter: null, lora } });
});

test('the adapter of a classifier brings its task and what its labels are', async () => {
  newRun.reset();
  const form = { rank: 4, alpha: 8, useRslora: false, useDora: false };
  const lora = { ...form, rankPattern: {}, alphaPattern: {}, targets: 'all-linear' };
  const problem = 'multi_label_classification';
  const value = { task: 'sequence-classification', problem, lora };
  const invoke = () => Promise.resolve({ ok: true, value });
  vi.stubGlobal('window', { lorikeet: { invoke } });
  await newRun.startFrom('/m', '/adapters/classes');
  newRun.draft.data = '/d.jsonl';
  expect(newRun.checked).toMatchObject({ config: { task: value.task, problem } });
});

test('what is kept of the form fills another one in, with its targets', () => {
  newRun.reset();
  Object.assign(newRun.draft, { model: '/m', data: '/d.jsonl', rank: 5 });
  const some = newRun.selection.map((row) => row.map((_, layer) => layer < 2));
  newRun.choose(some);
  const kept = readKept(JSON.stringify(newRun.kept));
  const { checked } = newRun;
  newRun.reset();
  if (kept === null) throw new TypeError('nothing was kept');
  newRun.restore(kept);
  expect(newRun.checked).toEqual(checked);
  expect(newRun.selection).toEqual(some);
});

test('what filled in the form is told until something is changed, and can be taken back', () => {
  newRun.reset();
  Object.assign(newRun.draft, { model: '/m', data: '/d.jsonl', rank: 5 });
  expect(newRun.filledFrom).toBeNull();
  const everything = newRun.selection;
  const some = everything.map((row, module) => row.map((_, layer) => module === 0 && layer < 2));
  newRun.choose(some);
  const { checked: before } = newRun;
  newRun.take({ ...smallConfig(3), model: '/m', name: 'earlier' });
  expect(newRun.filledFrom).toBe('earlier');
  expect(newRun.draft.rank).toBe(8);
  expect(newRun.selection).toEqual(everything);
  newRun.takeBack();
  expect(newRun.checked).toEqual(before);
  expect(newRun.filledFrom).toBeNull();
  newRun.take({ ...smallConfig(3), model: '/m', name: 'earlier' });
  newRun.draft.rank = 6;
  expect(newRun.filledFrom).toBeNull();
});

test('a form without data can be a preset, which is filled in with its targets', () => {
  newRun.reset();
  Object.assign(newRun.draft, { model: '/m', data: null, rank: 5 });
  const targets = newRun.selection.map((row, module) => row.map(() => module === 1));
  newRun.choose(targets);
  const settings = newRun.settings();
  if (!settings) throw new Error('a form with mistakes');
  newRun.reset();
  newRun.usePreset({ name: 'five', settings });
  expect(newRun.filledFrom).toBe('five');
  expect(newRun.draft).toMatchObject({ rank: 5, model: '/m', data: null });
  expect(newRun.selection).toEqual(targets);
  newRun.draft.rank = 0;
  expect(newRun.settings()).toBeNull();
  expect(newRun.problems.rank).toBeDefined();
});
