/** The graph for adapters of one module whose changes are needed as whole matrices: for rules on single numbers, and for DoRA. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program } from '../graph/program.ts';
import {
  partInput,
  plainChange,
  wholeChange,
  type PartInput,
  type PartKind,
} from './dense-change.ts';
import { directionsOf, greatestValues, projected } from './dense-nearest.ts';
import { doublesInput, type DoublesInput } from './doubles.ts';
import { figuresOf } from './figures.ts';
import { disjointMerge, largest, total, weightedSum, type Change } from './merge-rules.ts';
import { asProduct, singularValues, sumOf, type WrittenFactors } from './products.ts';

/** What becomes of the changes; `kept` counts the numbers of each that stay. */
export type DenseRule =
  | { kind: 'svd' }
  | { kind: 'ties' | 'magnitude'; kept: number }
  | { kind: 'dare-linear' | 'dare-ties' };

/** What makes one graph differ from another. */
export type DenseKind = {
  in: number;
  out: number;
  parts: readonly PartKind[];
  rule: DenseRule;
  rank: number;
};

export type DenseProgram = {
  program: Program;
  /** W [out, in], which DoRA needs. */
  base: Tensor | null;
  parts: readonly PartInput[];
  /** One for each part. */
  scalings: DoublesInput;
  weights: DoublesInput;
  /** What DARE multiplies with all that it keeps, [1]. */
  rescale: DoublesInput;
  written: WrittenFactors;
  /** See `figuresOf`. */
  figures: Tensor;
};

export function denseProgram(kind: DenseKind): DenseProgram {
  const { rule, rank, out, in: inputs } = kind;
  const program = new Program();
  const isDare = rule.kind === 'dare-linear' || rule.kind === 'dare-ties';
  const isDora = kind.parts.some(({ dora }) => dora);
  const base = isDora ? program.placeholder('base', 'float32', [out, inputs]) : null;
  const scalings = doublesInput(program, 'scalings', kind.parts.length);
  const weights = doublesInput(program, 'weights', kind.parts.length);
  const rescale = doublesInput(program, 'rescale', 1);

  const parts = kind.parts.map((each, i) => {
    const input = partInput(program, kind, each, isDare);
    const weight = o.slice(weights.values, [i], [1]);
    const product = plainChange(input, o.slice(scalings.values, [i], [1]));
    const x = wholeChange(product, input, base);
    const { mask } = input;
    const kept = mask ? o.mul(o.mul(x, o.cast(mask, x.dtype)), rescale.values) : x;
    return {
      input,
      change: { x, weight },
      kept: { x: kept, weight },
      weighted: { b: o.mul(product.b, weight), a: product.a },
    };
  });
  const target = weightedSum(parts.map(({ change }) => change));
  const isSum = rule.kind === 'svd';
  const directions = directionsOf(
    isSum
      ? target
      : merged(
          rule,
          parts.map(({ kept }) => kept),
        ),
  );
  const written = projected(directions, rank);
  const { a, b } = asProduct(written);
  const ranks = kind.parts.reduce((sum, each) => sum + each.rank, 0);
  const spectrum = () =>
    greatestValues(isSum ? directions : directionsOf(target), Math.min(ranks, out, inputs));
  const figures = figuresOf({
    singularValues: isDora ? spectrum() : singularValues(sumOf(parts.map((each) => each.weighted))),
    halfSquaredTarget: o.halfSquaredNorm(target),
    halfSquaredError: o.halfSquaredNorm(o.sub(o.matmul(b, a), target)),
    size: total(parts.map(({ change: { x, weight } }) => norm(o.mul(x, weight)))),
  });
  const inputsOf = parts.map(({ input }) => input);
  return { program, base, parts: inputsOf, scalings, weights, rescale, written, figures };
}

function merged(rule: Exclude<DenseRule, { kind: 'svd' }>, changes: readonly Change[]): Tensor {
  switch (rule.kind) {
    case 'dare-linear':
      return weightedSum(changes);
    case 'dare-ties':
      return disjointMerge(changes);
    case 'magnitude':
      return weightedSum(pruned(changes, rule.kept));
    case 'ties':
      return disjointMerge(pruned(changes, rule.kept));
  }
}

function pruned(changes: readonly Change[], kept: number): Change[] {
  return changes.map(({ x, weight }) => ({ x: largest(x, kept), weight }));
}

function norm(x: Tensor): Tensor {
  return o.sqrt(o.mul(o.halfSquaredNorm(x), 2));
}
