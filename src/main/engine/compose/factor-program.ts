/** The graph for plain adapters of one module: their sum brought to a rank, and how far it or any other product is from the sum. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program } from '../graph/program.ts';
import { doublesInput, type DoublesInput } from './doubles.ts';
import { figuresOf } from './figures.ts';
import {
  asProduct,
  differenceOf,
  halfSquaredNorm,
  nearest,
  singularValues,
  type Product,
  type WrittenFactors,
} from './products.ts';

/** What makes one graph differ from another; `rank` is null where the sum is only to be measured. */
export type FactorKind = { in: number; out: number; stacked: number; rank: number | null };

export type FactorProgram = {
  program: Program;
  /** a [stacked, in], b [out, stacked], scales [stacked] */
  target: WrittenFactors & { scales: DoublesInput };
  /** Where the rank is null it has the target's a, and its b is fed; else it is fetched. */
  written: WrittenFactors;
  /** See `figuresOf`. */
  figures: Tensor;
};

export function factorProgram(kind: FactorKind): FactorProgram {
  const program = new Program();
  const a = program.placeholder('a', 'float32', [kind.stacked, kind.in]);
  const b = program.placeholder('b', 'float32', [kind.out, kind.stacked]);
  const scales = doublesInput(program, 'scales', kind.stacked);
  const target = { a, b, scales };
  const sum = scaled(target);
  const { written, values, error } =
    kind.rank === null ? measured(program, sum, target) : brought(sum, kind.rank);
  const figures = figuresOf({
    singularValues: values,
    halfSquaredTarget: o.mul(o.sum(o.mul(values, values), [0]), 0.5),
    halfSquaredError: halfSquaredNorm(error),
    size: o.sqrt(o.mul(squared(sum.b), squared(sum.a))),
  });
  return { program, target, written, figures };
}

type Found = { written: WrittenFactors; values: Tensor; error: Product };

/** The sum with another b: the difference has the same a. */
function measured(program: Program, sum: Product, { a, b }: WrittenFactors): Found {
  const written = { a, b: program.placeholder('written_b', 'float32', b.shape) };
  const error = { a: sum.a, b: o.sub(asProduct(written).b, sum.b) };
  return { written, values: singularValues(sum), error };
}

function brought(sum: Product, rank: number): Found {
  const { written, values } = nearest(sum, rank);
  return { written, values, error: differenceOf(asProduct(written), sum) };
}

/** b · diag(scales) · a */
function scaled({ scales, ...factors }: FactorProgram['target']): Product {
  const { a, b } = asProduct(factors);
  return { a, b: o.mul(b, scales.values) };
}

function squared(x: Tensor): Tensor {
  return o.mul(o.halfSquaredNorm(x), 2);
}
