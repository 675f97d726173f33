/** What the form sends to the engine. */
import { expect, test } from 'vitest';
import { library } from '../../../src/renderer/state/library.svelte.ts';
import { newRun } from '../../../src/renderer/state/new-run.svelte.ts';
import { smolModel } from '../smol-model.ts';

test('the settings of the form are plain data, which other processes can be sent', () => {
  const description = {
    ...smolModel(),
    ...{ format: 'gguf' as const, architecture: 'llama', parameters: 1, hiddenSize: 1 },
    ...{ vocabSize: 1, contextLength: 1024, storedAs: [], fileBytes: 1, hasChatTemplate: true },
  };
  library.models = [{ id: 1, name: 'smol', path: '/m', description, addedAt: 0 }];
  Object.assign(newRun.draft, { model: '/m', data: '/d.jsonl', rankPattern: { q_proj: 4 } });
  const { checked } = newRun;
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(structuredClone(checked.config).lora.rankPattern).toEqual({ q_proj: 4 });
});
