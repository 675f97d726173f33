/** Operations on the bits of whole numbers, which are uint8 here. */
import { GraphError, showTensor, type Tensor } from '../node.ts';
import { scalarLike } from './constant.ts';

function withBits(op: string, x: Tensor, bits: number): Tensor {
  if (x.dtype !== 'uint8') throw new GraphError(`${op} of ${showTensor(x)}, which is not uint8`);
  return x.node.scope.addOne({
    op,
    inputs: [x, scalarLike(x, bits)],
    dtype: x.dtype,
    shape: x.shape,
    attributes: { T: { kind: 'type', value: x.dtype } },
  });
}

/** x & mask */
export const bitAnd = (x: Tensor, mask: number): Tensor => withBits('BitwiseAnd', x, mask);
/** x >> places, with zeros from above. */
export const shiftRight = (x: Tensor, places: number): Tensor => withBits('RightShift', x, places);
