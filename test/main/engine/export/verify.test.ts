/** The verdict on a merge: which figures are over their limits. */
import { expect, test } from 'vitest';
import type { Comparison } from '../../../../src/main/engine/export/comparison.ts';
import { proofChecks, proofFailures } from '../../../../src/main/engine/export/verify.ts';

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

const failures = (checks: ReturnType<typeof checksOf>) =>
  proofFailures(checks, 'bfloat16', { experts: null });

test('figures under their limits pass', () => {
  expect(failed({})).toEqual([]);
  expect(failures(checksOf({}))).toEqual([]);
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
  expect(failures(checksOf(over))).toHaveLength(1);
});

test('another tokenizer or template fails', () => {
  expect(failed({}, { tokenizer: false })).toEqual(['tokenizer']);
  expect(failures(checksOf({}, { chatTemplate: false }))).toEqual([
    'The written chat template is another one.',
  ]);
});

test('what a mixture answers otherwise may come from rounding, unless nothing is rounded', () => {
  const experts = { count: 8, perToken: 2, layers: new Set([0]) };
  const said = (checks: ReturnType<typeof checksOf>, dtype: 'bfloat16' | 'float32') =>
    proofFailures(checks, dtype, { experts });
  expect(said(checksOf({ meanKl: 0.011 }), 'bfloat16')[1]).toContain('to the other one');
  expect(said(checksOf({ meanKl: 0.011 }), 'float32')).toHaveLength(1);
  expect(said(checksOf({}), 'bfloat16')).toEqual([]);
});
