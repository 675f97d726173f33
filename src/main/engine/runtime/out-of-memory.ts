/** Tells a request for memory that was refused from every other failure: the work can be done again with less. */
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../../shared/errors/message-of.ts';

/** In the words of TensorFlow's kernels, of XLA, of the C++ library and of V8. */
const words =
  /\bout of memory\b|\bOOM when allocating\b|RESOURCE_EXHAUSTED|bad_alloc|Array buffer allocation failed/i;

/** What was asked for, where the message says it. */
const size = /trying to allocate ([\d.]+) ?([KMGT]?i?B)/i;
const shape = /OOM when allocating tensor with (shape\[[\d,]*\] and type \w+)/;

/** What was refused, as a sentence ends; null for a message of something else. */
export function refusedMemory(message: string): string | null {
  if (!words.test(message)) return null;
  const [, count, unit] = size.exec(message) ?? [];
  if (count !== undefined && unit !== undefined) return `${count} ${unit}`;
  const tensor = shape.exec(message)?.[1];
  return tensor === undefined ? 'some of it' : `a tensor of ${tensor}`;
}

/** What `engine/out-of-memory` is, and what V8 throws where an array finds no room. */
export function isOutOfMemory(thrown: unknown): boolean {
  if (thrown instanceof LorikeetError) return thrown.code === 'engine/out-of-memory';
  return thrown instanceof RangeError && refusedMemory(messageOf(thrown)) !== null;
}
