import { describe, expect, test } from 'vitest';
import { memoryAdvice, memoryFit, memoryParts } from '../../../src/renderer/lib/memory-says.ts';
import { estimateOf } from '../train-estimate.ts';

test('the parts add up to the whole', () => {
  const { memory } = estimateOf({});
  const sum = memoryParts(memory).reduce((total, { bytes }) => total + bytes, 0);
  expect(sum).toBe(memory.totalBytes);
});

test.each([
  [2000, 'fits'],
  // 1000 may become 1150.
  [1160, 'fits'],
  [1140, 'close'],
  [999, 'over'],
])('1000 bytes of %d free: %s', (freeMemoryBytes, fit) => {
  expect(memoryFit(estimateOf({ freeMemoryBytes }))).toBe(fit);
});

describe('what makes a run smaller', () => {
  const over = estimateOf({ freeMemoryBytes: 800 });

  test('the settings that still can', () => {
    expect(memoryAdvice(over, { batchSize: 4, sequenceLength: 512, keep: 'products' })).toBe(
      'Lower the batch size, shorten the sequences, keep only layer inputs for the backward pass or close other programs.',
    );
    expect(memoryAdvice(over, { batchSize: 1, sequenceLength: 512, keep: 'inputs' })).toBe(
      'Shorten the sequences or close other programs.',
    );
  });

  test('no setting, where the model alone is too large', () => {
    const settings = { batchSize: 4, sequenceLength: 512, keep: 'all' } as const;
    expect(memoryAdvice(estimateOf({ freeMemoryBytes: 500 }), settings)).toBe(
      'Close other programs, or choose a smaller model.',
    );
  });
});
