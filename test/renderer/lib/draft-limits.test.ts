/** The form with a model of SmolLM2's shape: what it counts and refuses, own ranks among it. */
import { expect, test } from 'vitest';
import { checkDraft } from '../../../src/renderer/lib/draft-check.ts';
import { adapterSizeOf, limitsOf } from '../../../src/renderer/lib/draft-limits.ts';
import { emptyDraft, type Draft } from '../../../src/renderer/lib/draft.ts';
import { select } from '../../../src/renderer/lib/target-selection.ts';
import type { ModelDescription } from '../../../src/shared/contract/records.ts';
import { smolModel } from '../smol-model.ts';

const model: ModelDescription = {
  ...{ format: 'gguf', architecture: 'llama', parameters: 134_515_008, hiddenSize: 576 },
  ...{ vocabSize: 49_152, contextLength: 8192, storedAs: ['F32'], fileBytes: 1 },
  ...{ hasChatTemplate: true, tasks: ['causal-lm'], labels: null, ...smolModel() },
};
/** q and k of one layer. */
const two = select(model, ({ name }, layer) => layer === 0 && /^[qk]_proj$/.test(name));
const everything = select(model, () => true);

function formOf(over: Partial<Draft>, selection = two) {
  const draft: Draft = { ...emptyDraft(), model: '/a.gguf', data: '/d.jsonl', ...over };
  const size = adapterSizeOf(model, selection, draft);
  const limits = limitsOf(model, size, draft.rankPattern);
  const checked = checkDraft(draft, { targets: 'all-linear', ...limits });
  return { counted: size?.learning, problems: checked.ok ? {} : checked.problems };
}

test('all linear layers at rank 8: the count that PEFT prints for SmolLM2-135M', () => {
  expect(formOf({}, everything)).toEqual({ counted: 2_442_240, problems: {} });
});

test('own ranks count, and free the rank from the limits of their modules', () => {
  const rankPattern = { k_proj: 4 };
  expect(formOf({ rank: 8, rankPattern })).toEqual({ counted: 12_288, problems: {} });
  expect(formOf({ rank: 256, rankPattern }).problems).toEqual({});
  expect(formOf({ rank: 256 }).problems).toEqual({ rank: 'A whole number from 1 to 192.' });
});

test('own ranks that cannot be are said at their field', () => {
  expect(formOf({ rankPattern: { k_proj: 193 } }).problems).toEqual({
    rankPattern:
      '193 is no rank for model.layers.0.self_attn.k_proj: a whole number from 1 to 192 is.',
  });
  expect(formOf({ rankPattern: { '(': 2 } }).problems).toEqual({
    rankPattern: 'The pattern ( is no regular expression that can be read here as Python reads it.',
  });
});

test('a block is no longer than the context', () => {
  expect(formOf({ sequenceLength: 8193 }).problems).toEqual({
    sequenceLength: 'A whole number from 8 to 8,192.',
  });
});
