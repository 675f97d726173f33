/** A person can ask for TensorFlow's CUDA build, or refuse it, whatever this machine has. */
import { expect, test } from 'vitest';
import { wantsGpu } from '../../../scripts/setup/nvidia.ts';

test('LORIKEET_DEVICE decides', () => {
  expect(wantsGpu({ LORIKEET_DEVICE: 'gpu' })).toBe(true);
  expect(wantsGpu({ LORIKEET_DEVICE: 'cpu' })).toBe(false);
});
