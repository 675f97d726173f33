/** The graph for plain adapters of one module: their sum brought to a rank, and how far it or any other product is from the sum. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program } from '../graph/program.ts';
import { doublesInput, type DoublesInput } from './doubles.ts';
import { figuresOf } from './figures.ts';
import {
  asProduct,
  halfSquaredDistance,
  nearest,
  singularValues,
  type Product,
  type WrittenFactors,
} from './products.ts';

/** What makes one graph differ from another; `rank` is null where the written factors are given. */
export type FactorKind = { in: number; out: number; stacked: number; rank: number | null };

export type FactorProgram = {
  program: Program;
  /** a [stacked, in], b [out, stacked], scales [stacked] */
  target: WrittenFactors & { scales: DoublesInput };
  /** Fed where the rank is null, else fetched. */
  written: WrittenFactors;
  /** See `figuresOf`. */
  figures: Tensor;
};

export function factorProgram(kind: FactorKind): FactorProgram {
  const program = new Program();
  const factors = (name: string): WrittenFactors => ({
    a: program.placeholder(`${name}_a`, 'float32', [kind.stacked, kind.in]),
    b: program.placeholder(`${name}_b`, 'float32', [kind.out, kind.stacked]),
  });
  const target = {
    ...factors('target'),
    scales: doublesInput(program, 'scales', kind.stacked),
  };
  const sum = scaled(target);
  const { written, values } =
    kind.rank === null
      ? { written: factors('written'), values: singularValues(sum) }
      : nearest(sum, kind.rank);
  const figures = figuresOf({
    singularValues: values,
    halfSquaredTarget: o.mul(o.sum(o.mul(values, values), [0]), 0.5),
    halfSquaredError: halfSquaredDistance(asProduct(written), sum),
    size: o.sqrt(o.mul(squared(sum.b), squared(sum.a))),
  });
  return { program, target, written, figures };
}

/** b · diag(scales) · a */
export function scaled({ scales, ...factors }: WrittenFactors & { scales: DoublesInput }): Product {
  const { a, b } = asProduct(factors);
  return { a, b: o.mul(b, scales.values) };
}

function squared(x: Tensor): Tensor {
  return o.mul(o.halfSquaredNorm(x), 2);
}
