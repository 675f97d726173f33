/** Change of element type. */
import type { DType } from '../dtype.ts';
import type { Tensor } from '../node.ts';

/** The same numbers in another element type; the tensor itself when it has that type. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  return x.node.scope.addOne({
    op: 'Cast',
    inputs: [x],
    dtype,
    shape: x.shape,
    attributes: {
      SrcT: { kind: 'type', value: x.dtype },
      DstT: { kind: 'type', value: dtype },
    },
  });
}
