/** What the form sends to the engine. */
import { expect, test } from 'vitest';
import { library } from '../../../src/renderer/state/library.svelte.ts';
import { newRun } from '../../../src/renderer/state/new-run.svelte.ts';
import type { ModelDescription } from '../../../src/shared/contract/records.ts';
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

test('the settings of the form are plain data, which other processes can be sent', () => {
  newRun.reset();
  Object.assign(newRun.draft, { model: '/m', data: '/d.jsonl', rankPattern: { q_proj: 4 } });
  const { checked } = newRun;
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(structuredClone(checked.config).lora.rankPattern).toEqual({ q_proj: 4 });
});
