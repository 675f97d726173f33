/** What TensorFlow, XLA, C++ and V8 say where they get no memory, as seen under limits. */
import { expect, test } from 'vitest';
import { isOutOfMemory, refusedMemory } from '../../../../src/main/engine/runtime/out-of-memory.ts';
import { lorikeetError } from '../../../../src/shared/errors/lorikeet-error.ts';

test.each([
  [
    'Session fail to run with error: {{function_node layer_forward_f15}} OOM when allocating tensor with shape[32768,320] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu\n\t [[{{node MatMul_125}}]]',
    'a tensor of shape[32768,320] and type float',
  ],
  [
    'Session fail to run with error: {{function_node attention_f10}} Out of memory while trying to allocate 64.00MiB.\n\t [[{{node masked_softmax_5}}]]',
    '64.00 MiB',
  ],
  ['std::bad_alloc', 'some of it'],
  ['RESOURCE_EXHAUSTED: failed to allocate', 'some of it'],
  ['Incompatible shapes: [2] vs. [3]', null],
])('%s', (message, refused) => {
  expect(refusedMemory(message)).toBe(refused);
});

test('errors of others are not taken for it', () => {
  expect(isOutOfMemory(lorikeetError('engine/out-of-memory', { message: '' }))).toBe(true);
  expect(isOutOfMemory(lorikeetError('engine/failed', { message: 'Out of memory' }))).toBe(false);
  expect(isOutOfMemory(new RangeError('Array buffer allocation failed'))).toBe(true);
  expect(isOutOfMemory(new RangeError('Invalid array length'))).toBe(false);
});
