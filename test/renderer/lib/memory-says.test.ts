import { describe, expect, test } from 'vitest';
import { memoryAdvice, memoryParts } from '../../../src/renderer/lib/memory-says.ts';
import { estimateOf } from '../train-estimate.ts';

test('the parts add up to the whole, and that of the base names its form', () => {
  const estimate = estimateOf({ base: { form: 'nf4', doubleQuant: false } });
  const parts = memoryParts(estimate);
  const sum = parts.reduce((total, { bytes }) => total + bytes, 0);
  expect(sum).toBe(estimate.memory.totalBytes);
  expect(parts[0]?.label).toBe('Base weights (NF4, 4 bits)');
});

describe('what makes a run smaller', () => {
  const over = estimateOf({ freeMemoryBytes: 800 });

  const settings = { batchSize: 4, sequenceLength: 512, keep: 'products', base: 'auto' } as const;

  test('the settings that still can', () => {
    expect(memoryAdvice(over, settings)).toBe(
      'Lower the batch size, shorten the sequences, keep only layer inputs for the backward pass or close other programs.',
    );
    const small = { ...settings, batchSize: 1, keep: 'inputs' } as const;
    expect(memoryAdvice(over, small)).toBe('Shorten the sequences or close other programs.');
    expect(memoryAdvice(over, { ...small, base: 'dense' })).toBe(
      'Set “Base in memory” to automatic, shorten the sequences or close other programs.',
    );
  });

  test('only the base, where the model alone is too large', () => {
    const larger = estimateOf({ freeMemoryBytes: 500 });
    expect(memoryAdvice(larger, settings)).toBe('Close other programs or choose a smaller model.');
    expect(memoryAdvice(larger, { ...settings, base: 'int8' })).toBe(
      'Set “Base in memory” to automatic, close other programs or choose a smaller model.',
    );
  });
});
