/** Numbers kept within ±cap without a corner: cap · tanh(x / cap) (Gemma 2, arXiv:2408.00118, §2). */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';

/** x as it is where there is no cap. */
export function softCap(x: Tensor, cap: number | null): Tensor {
  return cap === null ? x : o.mul(o.tanh(o.mul(x, 1 / cap)), cap);
}

/** dL/dx from dL/dy and the capped y: dy · (1 − (y / cap)²). */
export function softCapGradient(dy: Tensor, capped: Tensor, cap: number | null): Tensor {
  if (cap === null) return dy;
  const share = o.mul(capped, 1 / cap);
  return o.mul(dy, o.sub(1, o.mul(share, share)));
}
