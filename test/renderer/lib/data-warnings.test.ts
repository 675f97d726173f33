/** What is said of data before a run, and what the form holds back for validation. */
import { expect, test } from 'vitest';
import { dataWarnings } from '../../../src/renderer/lib/data-warnings.ts';
import { emptyDraft } from '../../../src/renderer/lib/draft.ts';
import { heldBack } from '../../../src/renderer/lib/held-back.ts';
import type { DataReport } from '../../../src/shared/contract/data-report.ts';

const tokens = {
  ...{ sequences: 100, total: 1000, learnt: 500, longest: 20, tooLong: 0, perEpoch: 900 },
  ...{ ends: { answers: 100, open: 0 }, shown: [], histogram: { width: 1, counts: [100] } },
};
const report: DataReport = {
  ...{ path: '/a.jsonl', unit: 'line', columns: [], formats: ['text'], examples: 100 },
  ...{ badLines: [], preview: [], labels: null, notices: [] },
  repeats: { examples: 0, first: [] },
  overlap: { examples: 0, held: 10, first: [] },
  tokens,
};
const same = [{ line: 1200, of: 3 }];

test('sound data is nothing to warn of', () => {
  expect(dataWarnings(report, false)).toEqual([]);
  expect(dataWarnings({ ...report, overlap: null, tokens: null }, false)).toEqual([]);
});

test('repeats and what lies on both sides of validation are named with their lines', () => {
  const overlap = { examples: 1, held: 10, first: same };
  expect(dataWarnings({ ...report, overlap }, false)).toEqual([
    '1 validation example of 10 is learnt from, too: line 1,200 is line 3. The validation loss will look better than it is.',
  ]);
  expect(dataWarnings({ ...report, overlap }, true)[0]).toContain(
    'its line 1,200 is line 3 of the data',
  );
  const repeats = { examples: 7, first: same };
  expect(dataWarnings({ ...report, repeats }, false)).toEqual([
    '7 examples say word for word what an earlier one says: line 1,200 repeats 3, and 6 more. They count that many times more.',
  ]);
});

test('answers without an end, and much that is left out', () => {
  const open = { ...tokens, ends: { answers: 100, open: 1 } };
  expect(dataWarnings({ ...report, tokens: open }, false)[0]).toMatch(
    /^1 answer of 100 has no end of turn/,
  );
  expect(dataWarnings({ ...report, tokens: { ...tokens, tooLong: 5 } }, false)).toEqual([]);
  expect(dataWarnings({ ...report, tokens: { ...tokens, tooLong: 6 } }, false)[0]).toMatch(
    /^6\.00\s% of the sequences are longer than a block and are left out/,
  );
});

test('the form holds back what it says, and nothing while that is not filled in', () => {
  const draft = { ...emptyDraft(), seed: 5 };
  const of = (over: Partial<typeof draft>) => heldBack({ ...draft, ...over });
  expect(of({})).toEqual({ validation: { kind: 'split', fraction: 0.1 }, seed: 5 });
  const none = { validation: { kind: 'none' }, seed: 5 };
  expect(of({ validationPercent: null })).toEqual(none);
  expect(of({ validationPercent: 100 })).toEqual(none);
  expect(of({ validationKind: 'file' })).toEqual(none);
  expect(of({ validationKind: 'file', validationFile: '/b.jsonl' })).toEqual({
    ...{ validation: { kind: 'file', path: '/b.jsonl' }, seed: 5 },
  });
});
