/** The typed arrays in which values go to TensorFlow and come back. */
export type TensorData = Float32Array | Int32Array | Uint8Array;

/**
 * Gives the memory of values back now; they are gone then. The garbage collector would let gigabytes of them gather, or stop the
 * work to look for them.
 */
export function release({ buffer }: TensorData): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
