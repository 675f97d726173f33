/** Composes one module after another on the device. */
import type { Tensor } from '../graph/node.ts';
import { Prepared } from '../graph/prepared.ts';
import type { Feed, Session } from '../graph/session.ts';
import { rankIn, type LowRank } from './combination.ts';
import { dareMask } from './dare-mask.ts';
import { denseProgram, type DenseRule } from './dense-program.ts';
import { bytesOf } from './doubles.ts';
import { factorProgram } from './factor-program.ts';
import { readFigures, type Figures } from './figures.ts';
import type { ModulePart } from './parts.ts';
import { stack, type ModuleFactors, type Stacked } from './stack.ts';

export type ComposedFactors = { factors: ModuleFactors; figures: Figures };

/** Small programs, each of which serves all modules of one size. Has to be disposed of. */
export class Composer {
  private readonly weightOf: (path: string) => Float32Array;
  private readonly factored = new Prepared(factorProgram);
  private readonly whole = new Prepared(denseProgram);

  /** @param weightOf the base matrix [out, in] of a module path; asked for only with DoRA */
  constructor(weightOf: (path: string) => Float32Array) {
    this.weightOf = weightOf;
  }

  /** How far the exact sum of the parts, which are without DoRA, is from them as it is written. Errors: engine/failed. */
  measure(parts: readonly ModulePart[], written: ModuleFactors | undefined): Figures {
    const target = stack(parts);
    if (!written) throw new RangeError('a module was not composed');
    const { session, ...program } = this.factored.of({ ...sizeOf(target), rank: null });
    const feeds: Feed[] = [...targetFeeds(program, target), [program.written.b, written.b]];
    const [figures] = session.run(feeds, [program.figures]);
    return readFigures(figures);
  }

  /** The parts of one module, at least one, as factors of a rank. Errors: engine/failed. */
  reduce(path: string, parts: readonly ModulePart[], combination: LowRank): ComposedFactors {
    const plain = parts.every(({ module }) => module.magnitude === null);
    const rank = rankIn(combination, parts);
    return combination.kind === 'svd' && plain
      ? this.truncated(stack(parts), rank)
      : this.merged(path, parts, combination, rank);
  }

  /** What the sum of the parts is. Errors: engine/failed. */
  sumOf(path: string, parts: readonly ModulePart[]): Omit<Figures, 'squaredError'> {
    return this.reduce(path, parts, { kind: 'svd', rank: null }).figures;
  }

  dispose(): void {
    this.factored.dispose();
    this.whole.dispose();
  }

  private truncated(target: Stacked, rank: number): ComposedFactors {
    const { session, ...program } = this.factored.of({ ...sizeOf(target), rank });
    return composed(session, targetFeeds(program, target), program, target);
  }

  private merged(
    path: string,
    parts: readonly ModulePart[],
    combination: LowRank,
    rank: number,
  ): ComposedFactors {
    const { in: inputs, out } = parts[0]?.module ?? { in: 0, out: 0 };
    const { session, ...program } = this.whole.of({
      ...{ in: inputs, out, rank },
      parts: parts.map(({ module }) => ({ rank: module.rank, dora: module.magnitude !== null })),
      rule: ruleOf(combination, inputs * out),
    });
    const feeds: Feed[] = [
      [program.scalings.feed, bytesOf(parts.map(({ module }) => module.scaling))],
      [program.weights.feed, bytesOf(parts.map(({ weight }) => weight))],
    ];
    if (program.base) feeds.push([program.base, this.weightOf(path)]);
    if ('seed' in combination)
      feeds.push([program.rescale.feed, bytesOf([1 / combination.density])]);
    for (const [i, { module, part }] of parts.entries()) {
      const input = program.parts[i];
      if (!input) throw new RangeError('a part has no place in the graph');
      feeds.push(...factorFeeds(input, module));
      if (input.magnitude && module.magnitude) feeds.push([input.magnitude, module.magnitude]);
      if (input.mask && 'seed' in combination)
        feeds.push([input.mask, dareMask(combination, { part, path }, inputs * out)]);
    }
    return composed(session, feeds, program, { in: inputs, out });
  }
}

function ruleOf(combination: LowRank, size: number): DenseRule {
  const { kind } = combination;
  switch (kind) {
    case 'ties':
    case 'magnitude':
      return { kind, kept: Math.floor(combination.density * size) };
    case 'svd':
    case 'dare-linear':
    case 'dare-ties':
      return { kind };
  }
}

type Factored = ReturnType<typeof factorProgram>;

function sizeOf({ in: inputs, out, rank: stacked }: Stacked) {
  return { in: inputs, out, stacked };
}

function targetFeeds({ target }: Pick<Factored, 'target'>, stacked: Stacked): Feed[] {
  return [...factorFeeds(target, stacked), [target.scales.feed, bytesOf(stacked.scales)]];
}

function factorFeeds(
  to: Record<'a' | 'b', Tensor>,
  { a, b }: Pick<ModuleFactors, 'a' | 'b'>,
): Feed[] {
  return [
    [to.a, a],
    [to.b, b],
  ];
}

function composed(
  session: Session,
  feeds: readonly Feed[],
  { written, figures }: Pick<Factored, 'written' | 'figures'>,
  size: Pick<ModuleFactors, 'in' | 'out'>,
): ComposedFactors {
  const [a, b, found] = session.run(feeds, [written.a, written.b, figures]);
  if (!(a instanceof Float32Array) || !(b instanceof Float32Array))
    throw new TypeError('expected float32 factors');
  const factors = { a, b, in: size.in, out: size.out, rank: a.length / size.in };
  return { factors, figures: readFigures(found) };
}
