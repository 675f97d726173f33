/** The typed arrays in which values go to TensorFlow and come back. */
export type TensorData = Float32Array | Int32Array | Uint8Array;
