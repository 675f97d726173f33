/** Singular values as a chart. */
import { expect, test } from 'vitest';
import { spectrumLook, spectrumSeries } from '../../../src/renderer/lib/spectrum.ts';

test('values beyond the rank are a curve of their own, right of a line at the rank', () => {
  const module = { rank: 2, singularValues: [8, 4, 2, 0] };
  expect(spectrumSeries(module).map(({ label, points }) => ({ label, points }))).toEqual([
    {
      label: 'Within the rank',
      points: [
        { x: 1, y: 8 },
        { x: 2, y: 4 },
      ],
    },
    // 0 has no place on a logarithmic scale.
    { label: 'Beyond the rank', points: [{ x: 3, y: 2 }] },
  ]);
  expect(spectrumLook(module)).toMatchObject({
    logarithmic: true,
    mark: { at: 2.5, label: 'rank 2' },
  });
});

test('where the rank has room for all there is no line', () => {
  const module = { rank: 2, singularValues: [8, 4] };
  expect(spectrumSeries(module)).toHaveLength(1);
  expect(spectrumLook(module)).not.toHaveProperty('mark');
});
