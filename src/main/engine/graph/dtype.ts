/** The element types that a graph uses, with TensorFlow's codes (tensorflow/core/framework/types.proto) and sizes. */

export type DType =
  | 'float32'
  | 'float64'
  | 'bfloat16'
  | 'float16'
  | 'int32'
  | 'int8'
  | 'uint8'
  | 'bool'
  | 'resource';

export const dtypeCode: Record<DType, number> = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int8: 6,
  bool: 10,
  bfloat16: 14,
  float16: 19,
  resource: 20,
};

/** Bytes of one element. */
export const dtypeBytes: Record<DType, number> = {
  float32: 4,
  float64: 8,
  int32: 4,
  uint8: 1,
  int8: 1,
  bool: 1,
  bfloat16: 2,
  float16: 2,
  resource: 0,
};

export function isFloating(dtype: DType): boolean {
  return ['float32', 'float64', 'bfloat16', 'float16'].includes(dtype);
}
