/** The form of a new run, kept and read back. */
import { expect, test } from 'vitest';
import { draftOf, emptyDraft } from '../../../src/renderer/lib/draft.ts';
import { readKept } from '../../../src/renderer/lib/kept-form.ts';
import { smallConfig } from '../../main/small-config.ts';

const kept = (form: unknown) => readKept(JSON.stringify(form));
const filled = {
  ...draftOf(smallConfig(7)),
  ...{ name: 'lamp', validationKind: 'none' as const, watchedText: 'say 3', rank: null },
  ...{ rankPattern: { q_proj: 2 }, columns: [{ name: 'q', as: 'prompt' as const }] },
};

test('a form comes back as it was, with fields that are empty or hold what does not fit', () => {
  const targets = [{ module: 'q_proj', layers: [0, 2] }];
  const form = { draft: filled, targets, varied: [{ key: 'rank', text: '4, 8' }], halving: false };
  expect(kept(form)).toEqual(form);
  const wrong = { ...filled, alpha: -1 };
  expect(kept({ draft: wrong, targets })?.draft).toEqual(wrong);
});

test('what is no value of its setting any more is the usual one, and the rest stays', () => {
  const other = { batchSize: '8', scheduler: 'zigzag', columns: 'q', durationKind: 'hours' };
  const broken = { ...other, model: 3, validationPercent: [], optimizerOfLater: 'x' };
  const usual = emptyDraft();
  const { batchSize, scheduler, columns, durationKind, validationPercent } = usual;
  const rank = { key: 'rank', text: '4' };
  const form = {
    draft: { ...filled, ...broken },
    targets: [{ module: 'q_proj', layers: [-1] }],
    varied: [rank, { key: 'toString', text: '4' }, { key: 'alpha' }, rank],
  };
  const mended = { batchSize, scheduler, columns, durationKind, validationPercent, model: null };
  expect(kept(form)).toEqual({
    draft: { ...filled, ...mended },
    ...{ targets: 'all-linear', varied: [rank], halving: true },
  });
  expect(kept({ draft: {} })?.draft).toEqual(usual);
});

test('what is no form is none', () => {
  for (const text of [null, '', '{', '3', '{"draft":[]}']) expect(readKept(text)).toBeNull();
});
