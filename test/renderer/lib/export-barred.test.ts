import { expect, test } from 'vitest';
import { barredBecause } from '../../../src/renderer/lib/export-barred.ts';
import { exportFormNames } from '../../../src/shared/export-forms.ts';

test('an adapter that tells texts apart has no GGUF forms, and one that answers has all', () => {
  const labels = {
    problem: 'single_label_classification' as const,
    names: ['off', 'on'],
    pairs: false,
  };
  const allowed = exportFormNames.filter((form) => barredBecause({ labels }, form) === null);
  expect(allowed).toEqual(['peft', 'huggingface']);
  expect(exportFormNames.every((form) => barredBecause({ labels: null }, form) === null)).toBe(
    true,
  );
});
