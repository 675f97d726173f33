/** How far one adapter's change of a matrix is from another's: through thin factors, or as whole matrices where DoRA takes part. */
import type { AdapterModule } from '../checkpoint/adapter.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Prepared } from '../graph/prepared.ts';
import { Program } from '../graph/program.ts';
import type { Feed } from '../graph/session.ts';
import { partInput, plainChange, wholeChange, type PartKind } from './dense-change.ts';
import { bytesOf, doublesInput, doublesOf, fetchable } from './doubles.ts';
import type { Distance } from './figures.ts';
import { differenceOf, halfSquaredNorm } from './products.ts';

/** What is saved, and what is held against it. */
type Pair<T> = readonly [saved: T, other: T];
type PairKind = { in: number; out: number; parts: Pair<PartKind> };

/** Small programs, each of which serves all modules of one size. Has to be disposed of. */
export class ChangeDistance {
  private readonly programs = new Prepared(pairProgram);

  /**
   * ‖ΔW‖² of what is saved, and ‖ΔW′ − ΔW‖² of the other.
   * @param weight the base matrix [out, in]; asked for only with DoRA
   * Errors: engine/failed.
   */
  between(pair: Pair<AdapterModule>, weight: () => Float32Array): Distance {
    const [saved, other] = pair;
    const { session, ...program } = this.programs.of({
      ...{ in: saved.in, out: saved.out },
      parts: [kindOf(saved), kindOf(other)],
    });
    const scalings = bytesOf(pair.map(({ scaling }) => scaling));
    const feeds: Feed[] = [[program.scalings.feed, scalings]];
    if (program.base) feeds.push([program.base, weight()]);
    for (const [i, { a, b, magnitude }] of pair.entries()) {
      const input = program.inputs[i];
      if (!input) throw new RangeError('a change has no place in the graph');
      feeds.push([input.a, a], [input.b, b]);
      if (input.magnitude && magnitude) feeds.push([input.magnitude, magnitude]);
    }
    const [halves] = session.run(feeds, [program.halves]);
    const [target = NaN, error = NaN] = doublesOf(halves);
    return { squaredTarget: 2 * target, squaredError: 2 * error };
  }

  dispose(): void {
    this.programs.dispose();
  }
}

function kindOf({ rank, magnitude }: AdapterModule): PartKind {
  return { rank, dora: magnitude !== null };
}

function pairProgram({ in: inputs, out, parts }: PairKind) {
  const program = new Program();
  const size = { in: inputs, out };
  const isDora = parts.some(({ dora }) => dora);
  const base = isDora ? program.placeholder('base', 'float32', [out, inputs]) : null;
  const scalings = doublesInput(program, 'scalings', parts.length);
  const part = (i: 0 | 1) => {
    const input = partInput(program, size, parts[i], false);
    return { input, product: plainChange(input, o.slice(scalings.values, [i], [1])) };
  };
  const [saved, other] = [part(0), part(1)];
  const placed = { program, base, scalings, inputs: [saved.input, other.input] };
  const halves = (target: Tensor, error: Tensor) => {
    const both = [target, error].map((half) => o.reshape(half, [1]));
    return { ...placed, halves: fetchable(o.concat(both, 0)) };
  };
  if (!base) {
    const error = differenceOf(other.product, saved.product);
    return halves(halfSquaredNorm(saved.product), halfSquaredNorm(error));
  }
  const target = wholeChange(saved.product, saved.input, base);
  const error = o.sub(wholeChange(other.product, other.input, base), target);
  return halves(o.halfSquaredNorm(target), o.halfSquaredNorm(error));
}
