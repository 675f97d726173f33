/** The verdict on a merge: which figures are over their limits. */
import { expect, test } from 'vitest';
import {
  proofChecks,
  proofFailures,
  type Comparison,
} from '../../../../src/main/engine/export/verify.ts';

const good: Comparison = {
  ...{ prompts: 16, tokens: 1200, maxAbsoluteLogitDifference: 0.1, meanKl: 0.0002 },
  ...{ perplexity: { adapter: 1.2, merged: 1.201 }, changedArgmax: 0.001 },
};
const limits = { meanKl: 0.01, changedArgmax: 0.02, perplexityRatio: 1.01 };
const equal = { tokenizer: true, chatTemplate: true };
const checksOf = (over: Partial<Comparison>, same: Partial<typeof equal> = {}) =>
  proofChecks({ ...good, ...over }, limits, { ...equal, ...same });
const failed = (...given: Parameters<typeof checksOf>) =>
  checksOf(...given).flatMap(({ name, passed }) => (passed ? [] : [name]));

test('figures under their limits pass', () => {
  expect(failed({})).toEqual([]);
  expect(proofFailures(checksOf({}))).toEqual([]);
});

test.each<[string, Partial<Comparison>]>([
  ['meanKl', { meanKl: 0.011 }],
  ['meanKl', { meanKl: NaN }],
  ['changedArgmax', { changedArgmax: 0.03 }],
  ['perplexityRatio', { perplexity: { adapter: 1.2, merged: 1.3 } }],
  ['perplexityRatio', { perplexity: { adapter: 1.3, merged: 1.2 } }],
  ['perplexityRatio', { perplexity: { adapter: 1.3, merged: NaN } }],
])('%s fails alone: %o', (name, over) => {
  expect(failed(over)).toEqual([name]);
  expect(proofFailures(checksOf(over))).toHaveLength(1);
});

test('another tokenizer or template fails', () => {
  expect(failed({}, { tokenizer: false })).toEqual(['tokenizer']);
  expect(proofFailures(checksOf({}, { chatTemplate: false }))).toEqual([
    'The written chat template is another one.',
  ]);
});
