/** A and B taken out of a base matrix, so that training starts along directions that the matrix already uses. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Prepared } from '../graph/prepared.ts';
import { Program } from '../graph/program.ts';

export type Factors = {
  /** [rank, in] */
  a: Float32Array;
  /** [out, rank] */
  b: Float32Array;
  /** ‖W − scaling · B·A‖² */
  leftSquared: number;
};

export type FactorKind = 'pissa' | 'olora';

type MatrixSize = { out: number; in: number; rank: number; scaling: number };

/**
 * scaling · B·A is the part of W that is taken out. One small program serves all matrices of one size.
 * PiSSA (Meng et al. 2024, arXiv:2404.02948): the `rank` largest singular directions. OLoRA (Büyükakyüz 2024,
 * arXiv:2406.01775): the first columns of W's QR decomposition. Has to be disposed of.
 */
export class Factoriser {
  private readonly programs: Prepared<MatrixSize, ReturnType<typeof factorProgram>>;

  constructor(kind: FactorKind) {
    this.programs = new Prepared((size) => factorProgram(kind, size));
  }

  /** @param weight W [out, in] */
  factors(weight: Float32Array, { out, in: inputs, rank, scaling }: MatrixSize): Factors {
    const { session, ...program } = this.programs.of({ out, in: inputs, rank, scaling });
    const wanted = [program.a, program.b, program.halfLeft];
    const [a, b, halfLeft] = session.run([[program.w, weight]], wanted);
    if (!(a instanceof Float32Array) || !(b instanceof Float32Array)) {
      throw new TypeError('expected float32 factors');
    }
    return { a, b, leftSquared: 2 * (halfLeft?.[0] ?? NaN) };
  }

  dispose(): void {
    this.programs.dispose();
  }
}

function factorProgram(kind: FactorKind, size: MatrixSize) {
  const program = new Program();
  const w = program.placeholder('weight', 'float32', [size.out, size.in]);
  const { a, b } = kind === 'pissa' ? pissa(w, size) : olora(w, size);
  const left = o.sub(w, o.matmul(o.mul(b, size.scaling), a));
  return { program, w, a, b, halfLeft: o.halfSquaredNorm(left) };
}

/**
 * W = U·S·Vᵀ; B = U_r·√(S_r / scaling), A = √(S_r / scaling)·V_rᵀ. The singular vectors come from the eigenvectors of the
 * smaller of W·Wᵀ and Wᵀ·W, which is exact enough for the largest ones and far quicker.
 */
function pissa(
  w: Tensor,
  { out, in: inputs, rank, scaling }: MatrixSize,
): { a: Tensor; b: Tensor } {
  const tall = out > inputs;
  const gram = tall ? o.matmul(w, w, { transposeA: true }) : o.matmul(w, w, { transposeB: true });
  const { values, vectors } = o.symmetricEigen(gram);
  const size = Math.min(out, inputs);
  const largest = o.slice(values, [size - rank], [rank]);
  const directions = o.slice(vectors, [0, size - rank], [size, rank]);
  const singular = o.sqrt(o.maximum(largest, 1e-30));
  const root = o.sqrt(o.div(singular, scaling));
  // The other side's directions times S: W·V = U·S, Uᵀ·W = S·Vᵀ.
  if (tall) {
    const us = o.matmul(w, directions);
    return {
      a: o.mul(o.transpose(directions, [1, 0]), o.reshape(root, [rank, 1])),
      b: o.mul(us, o.div(root, singular)),
    };
  }
  const sv = o.matmul(directions, w, { transposeA: true });
  return {
    a: o.mul(sv, o.reshape(o.div(root, singular), [rank, 1])),
    b: o.mul(directions, root),
  };
}

/** B = the first columns of Q, A = the first rows of R = Qᵀ·W. */
function olora(w: Tensor, { out, rank }: MatrixSize): { a: Tensor; b: Tensor } {
  const b = o.orthogonal(o.slice(w, [0, 0], [out, rank])).q;
  return { a: o.matmul(b, w, { transposeA: true }), b };
}
