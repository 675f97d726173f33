/** The variables that TensorFlow is started with. */
import { expect, test } from 'vitest';
import { engineEnvironment } from '../../../src/main/engine/runtime/environment.ts';

test('one inter-op thread and all cores, unless the person has set something else', () => {
  const own = engineEnvironment({}, []);
  expect(own).toMatchObject({ TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '3' });
  expect(Number(own['TF_NUM_INTRAOP_THREADS'])).toBeGreaterThanOrEqual(1);
  const set = engineEnvironment({ TF_NUM_INTRAOP_THREADS: '7', HOME: '/root' }, []);
  expect(set).toEqual({ ...own, TF_NUM_INTRAOP_THREADS: '7' });
});

test('under a limit the allocator stops before it, and never without one', () => {
  const most = (...free: number[]) =>
    engineEnvironment(
      {},
      free.map((bytes) => ({ free: bytes })),
    )['TF_MKL_ALLOC_MAX_BYTES'];
  expect(most()).toBeUndefined();
  // 600 MB are for what is no tensor.
  expect(most(5e9, 4e9)).toBe('3400000000');
  expect(most(1000)).toBe(String(2 ** 26));
});
