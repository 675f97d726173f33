import { expect, test } from 'vitest';
import { mergeChecks } from '../../../src/renderer/lib/merge-checks.ts';
import type { MergeReport } from '../../../src/shared/contract/records.ts';

const report: MergeReport = {
  passed: true,
  dtype: 'bfloat16',
  output: '/out',
  prompts: 16,
  tokens: 1200,
  maxAbsoluteLogitDifference: 0.1,
  meanKl: 0.0002,
  perplexity: { adapter: 1.2, merged: 1.201 },
  changedArgmax: 0.001,
  roundingLoss: 0.02,
  tokenizerEqual: true,
  chatTemplateEqual: true,
  limits: { meanKl: 0.01, changedArgmax: 0.02, perplexityRatio: 1.01 },
  failures: [],
  mergedModules: 210,
  bytes: 1,
  files: {
    ...{ baseTensors: 3, writtenTensors: 3, mergedTensors: 2, leftOut: [], comparedValues: 64 },
    ...{ sampledRows: 32, largestError: 0.5, settings: { carried: 20, changed: [], left: [] } },
  },
};
const failed = (over: Partial<MergeReport>) =>
  mergeChecks({ ...report, ...over })
    .filter(({ passed }) => passed === false)
    .map(({ label }) => label);

test('a good report has no failed check, and says which figures are only shown', () => {
  expect(failed({})).toEqual([]);
  expect(
    mergeChecks(report)
      .filter(({ passed }) => passed === null)
      .map(({ label }) => label),
  ).toEqual(['Largest logit difference', 'Rounding loss']);
});

test.each<[string, Partial<MergeReport>]>([
  ['Mean KL divergence', { meanKl: 0.011 }],
  ['Mean KL divergence', { meanKl: NaN }],
  ['Changed first choices', { changedArgmax: 0.03 }],
  ['Perplexity, with adapter → merged', { perplexity: { adapter: 1.2, merged: 1.3 } }],
  ['Perplexity, with adapter → merged', { perplexity: { adapter: 1.3, merged: 1.2 } }],
  ['Tokenizer', { tokenizerEqual: false }],
  ['Chat template', { chatTemplateEqual: false }],
])('%s fails alone: %o', (label, over) => {
  expect(failed(over)).toEqual([label]);
});
