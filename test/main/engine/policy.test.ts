/** Where XLA compiles: what earns it back, and on a GPU all. */
import { expect, test } from 'vitest';
import {
  briefFusion,
  generationFusion,
  scoringFusion,
  trainingFusion,
} from '../../../src/main/engine/policy.ts';
import { loadBinding } from '../../../src/main/engine/runtime/binding.ts';

const onGpu = loadBinding().isUsingGpuDevice();
const smol = 135e6;
const tiny = 1e5;

test.each([
  ['a few steps of a tiny model', { weights: tiny, tokens: 5 * 256 }, 'none', 'none'],
  ['two steps of a small one', { weights: smol, tokens: 2 * 1024 }, 'none', 'none'],
  [
    'five of them, whose losses alone would not do',
    { weights: smol, tokens: 5 * 1024 },
    'islands',
    'none',
  ],
  ['fifteen of them', { weights: smol, tokens: 15 * 1024 }, 'islands', 'islands'],
  ['one of a large model', { weights: 7e9, tokens: 1024 }, 'islands', 'islands'],
] as const)('%s', (_, work, training, scoring) => {
  expect(trainingFusion(work)).toBe(onGpu ? 'layers' : training);
  expect(scoringFusion(work)).toBe(onGpu ? 'layers' : scoring);
});

test('a few passes are not compiled on a processor', () => {
  expect(briefFusion()).toBe(onGpu ? 'layers' : 'none');
});

test.each([
  ['a short answer', 30, 64, 'none'],
  ['a long one', 30, 128, 'layers'],
  ['the same of a model with few layers', 3, 128, 'none'],
  ['of a deep one', 80, 64, 'layers'],
] as const)('%s', (_, numHiddenLayers, tokens, decode) => {
  const all = { prefill: 'layers', decode: 'layers' };
  expect(generationFusion({ numHiddenLayers }, tokens)).toEqual(
    onGpu ? all : { prefill: 'none', decode },
  );
});
