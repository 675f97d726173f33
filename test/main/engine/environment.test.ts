/** The variables that TensorFlow is started with. */
import { expect, test } from 'vitest';
import { engineEnvironment } from '../../../src/main/engine/runtime/environment.ts';

test('one inter-op thread and all cores, unless the person has set something else', () => {
  const own = engineEnvironment({});
  expect(own).toMatchObject({ TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '3' });
  expect(Number(own['TF_NUM_INTRAOP_THREADS'])).toBeGreaterThanOrEqual(1);
  const set = engineEnvironment({ TF_NUM_INTRAOP_THREADS: '7', HOME: '/root' });
  expect(set).toEqual({ ...own, TF_NUM_INTRAOP_THREADS: '7' });
});
