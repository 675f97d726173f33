/** Matrix products. */
import { GraphError, showTensor, type Tensor } from '../node.ts';
import { broadcast, sizeAt } from '../shape.ts';

export type Transposes = { transposeA?: boolean; transposeB?: boolean };

/**
 * a · b over the last two axes; each may be read transposed. Leading axes broadcast.
 * a [..., M, K], b [..., K, N] → [..., M, N]. Throws a GraphError naming both shapes when they do not fit.
 */
export function matmul(a: Tensor, b: Tensor, options: Transposes = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  if (a.shape.length < 2 || b.shape.length < 2 || a.dtype !== b.dtype) throw misfit(a, b, options);
  const inner = sizeAt(a.shape, transposeA ? -2 : -1);
  const m = sizeAt(a.shape, transposeA ? -1 : -2);
  const n = sizeAt(b.shape, transposeB ? -2 : -1);
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (inner !== sizeAt(b.shape, transposeB ? -1 : -2) || !batch) throw misfit(a, b, options);
  const plain = a.shape.length === 2 && b.shape.length === 2;
  const flags = plain ? ['transpose_a', 'transpose_b'] : ['adj_x', 'adj_y'];
  const [flagA = '', flagB = ''] = flags;
  return a.node.scope.addOne({
    op: plain ? 'MatMul' : 'BatchMatMulV2',
    inputs: [a, b],
    dtype: a.dtype,
    shape: [...batch, m, n],
    attributes: {
      T: { kind: 'type', value: a.dtype },
      [flagA]: { kind: 'bool', value: transposeA },
      [flagB]: { kind: 'bool', value: transposeB },
    },
  });
}

function misfit(a: Tensor, b: Tensor, { transposeA, transposeB }: Transposes): GraphError {
  const show = (x: Tensor, transposed?: boolean) => showTensor(x) + (transposed ? 'ᵀ' : '');
  return new GraphError(
    `product of ${show(a, transposeA)} and ${show(b, transposeB)}: they do not fit`,
  );
}
