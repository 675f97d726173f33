/** Attention in several chunks of queries is attention, and so is its gradient. */
import { describe, expect, test } from 'vitest';
import { sharedSegment } from '../../../../src/main/engine/batch/block.ts';
import {
  call,
  calledFunction,
  defineFunction,
  type GraphFunction,
} from '../../../../src/main/engine/graph/function.ts';
import { differentiate } from '../../../../src/main/engine/graph/gradients/differentiate.ts';
import { keepRule, type KeepPolicy } from '../../../../src/main/engine/graph/gradients/keep.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import { present, type Tensor } from '../../../../src/main/engine/graph/node.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session, type Feed } from '../../../../src/main/engine/graph/session.ts';
import {
  attention,
  attentionMasks,
  queryChunks,
  type Visibility,
} from '../../../../src/main/engine/model/attention.ts';
import type { LayerAttention } from '../../../../src/main/engine/model/architecture.ts';
import { once } from '../../../../src/main/engine/once.ts';
import { strays } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';

describe.each<Fusion>(['islands', 'layers'])('fusion %s', (fusion) => {
  test.each([1, 128, 191, 192, 288, 1023, 1024, 1025, 2048, 5000])(
    'the chunks of %i queries follow each other and are about equal',
    (length) => {
      const chunks = queryChunks(fusion, length, 'before');
      const sizes = chunks.map(({ begin, end }) => end - begin);
      expect(chunks.map(({ begin }) => begin)).toEqual([
        0,
        ...chunks.slice(0, -1).map(({ end }) => end),
      ]);
      expect(chunks.at(-1)?.end).toBe(length);
      expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) - chunks.length);
    },
  );
});

/** Two query heads over one key head. */
const groups = 2;
const headDim = 4;
/** Tokens that make several chunks. */
const lengths = { none: 400, islands: 400, layers: 1600 };

type Block = { segments: Int32Array; positions: Int32Array };

/** A beginning that all share, and two sequences after it. */
function blockOf(length: number): Block {
  const shared = 30;
  const second = 200;
  return {
    segments: Int32Array.from({ length }, (_, t) =>
      t < shared ? sharedSegment : t < second ? 1 : 2,
    ),
    positions: Int32Array.from({ length }, (_, t) => (t < second ? t : t - second + shared)),
  };
}

/** What attention depends on beside its inputs. */
type Kind = Visibility & Pick<LayerAttention, 'cap'>;

const whole: Kind = { sees: 'before', window: null, cap: null };
/** Near to many of the scores. */
const capped: Kind = { ...whole, cap: 5 };
/** Longer than the shared beginning, shorter than the sequences. */
const windowed: Kind = { sees: 'before', window: 50, cap: null };
const bothWays: Kind = { sees: 'both', window: 70, cap: null };

/**
 * Of the output, over its largest element: a score is a sum of four products, each up to 4, and what it strays by is what its
 * weight strays by in proportion; then a sum over all keys. A gradient reads output and weights; its terms dP, sums of four
 * products as well, cancel to about one.
 */
const ofOutput = (keys: number) => 4 * headDim * strays(2 * headDim) + strays(keys);

/** For each token, the tokens that it sees. */
function seenBy({ segments, positions }: Block, { sees, window }: Visibility): number[][] {
  const tokens = [...segments.keys()];
  return tokens.map((t) =>
    tokens.filter((s) => {
      const related = [segments[t], sharedSegment].includes(segments[s] ?? NaN);
      const distance = (positions[t] ?? NaN) - (positions[s] ?? NaN);
      return related && (sees === 'both' || s <= t) && Math.abs(distance) < (window ?? Infinity);
    }),
  );
}

const numbers = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => 2 * Math.sin(seed + 1.7 * i));

type Values = { q: number[]; k: number[]; v: number[] };
const names = ['q', 'k', 'v'] as const;

const valuesOf = (length: number, seed: number): Values => ({
  q: numbers(groups * length * headDim, seed),
  k: numbers(length * headDim, seed + 1),
  v: numbers(length * headDim, seed + 2),
});

describe.each<Fusion>(['none', 'islands', 'layers'])('fusion %s', (fusion) => {
  const length = lengths[fusion];
  const block = blockOf(length);
  const values = valuesOf(length, 1);
  const dOutput = numbers(length * groups * headDim, 4);
  const direction = valuesOf(length, 5);
  /** Token by token, each kind once. */
  const direct = once((kind: Kind) => {
    const seen = seenBy(block, kind);
    return {
      output: expected(values, seen, kind.cap),
      slope: slopeAlong(direction, values, seen, dOutput, kind.cap),
    };
  });

  test.each<[KeepPolicy, Kind]>([
    ['all', capped],
    ['products', capped],
    ['all', whole],
    ['products', whole],
    ['inputs', whole],
    ['products', windowed],
    ['inputs', bothWays],
  ])('keeping %s, %o: softmax(q·kᵀ + mask)·v and its gradient', (keep, kind) => {
    const { output, slope } = direct(kind);
    const program = new Program();
    const shape = { rows: 1, length };
    const inputs = {
      q: program.placeholder('q', 'float32', [1, 1, groups, length, headDim]),
      k: program.placeholder('k', 'float32', [1, 1, length, headDim]),
      v: program.placeholder('v', 'float32', [1, 1, length, headDim]),
    };
    const segments = program.placeholder('segments', 'int32', [1, length]);
    const positions = program.placeholder('positions', 'int32', [1, length]);
    const dy = program.placeholder('dy', 'float32', [length, groups * headDim]);
    const masks = attentionMasks(fusion, kind, { segments, positions }, shape);
    expect(masks.length).toBeGreaterThan(1);
    const qkv = [inputs.q, inputs.k, inputs.v] as const;
    const { fetched, products } = withGradient(fusion, keep, kind, qkv, masks, dy);
    const kept = keep === 'all' && kind.cap !== null ? 'products' : keep;
    expect(products).toBe(productsOf[kept] * masks.length);
    const session = new Session(program);
    try {
      const feeds: Feed[] = [
        ...names.map((name): Feed => [inputs[name], Float32Array.from(values[name])]),
        [segments, block.segments],
        [positions, block.positions],
        [dy, Float32Array.from(dOutput)],
      ];
      const [found, ...gradients] = session.run(feeds, fetched);
      expect(relativeDifference([...(found ?? [])], output)).toBeLessThan(ofOutput(length));
      const along = names.map((name, i) => dot([...(gradients[i] ?? [])], direction[name]));
      const total = along.reduce((sum, each) => sum + each, 0);
      expect(Math.abs(total - slope) / Math.max(...along.map(Math.abs))).toBeLessThan(
        16 * ofOutput(length),
      );
    } finally {
      session.dispose();
    }
  });
});

/** The output and the gradients of q, k and v, as a layer would have them. */
function withGradient(
  fusion: Fusion,
  keep: KeepPolicy,
  kind: Kind,
  qkv: readonly [Tensor, Tensor, Tensor],
  masks: readonly Tensor[],
  dy: Tensor,
) {
  const args = [...qkv, ...masks];
  const fn = defineFunction(
    'layer',
    args,
    ([q, k, v, ...rest]) => [
      attention(fusion, keep, kind, [present(q), present(k), present(v)], rest),
    ],
    { compiled: fusion === 'layers' },
  );
  const wrt = args.map((_, i) => i < qkv.length);
  const { forward, backward } = differentiate(fn, { wrt, keep: keepRule(keep) });
  const [output, ...kept] = call(forward.fn, args);
  const sources = { argument: args, kept, result: [], dy: [dy] };
  const results = call(
    backward.fn,
    backward.inputs.map(({ kind, index }) => present(sources[kind][index])),
  );
  const gradients = backward.results.slice(0, qkv.length).map((at) => results[at ?? -1]);
  return { fetched: [output, ...gradients].map(present), products: productsIn(backward.fn) };
}

/**
 * In the backward function, for each chunk: those of dP, dQ, dK and dV; the scores again where the weights are not kept; and
 * where nothing is, the forward pass before. With a cap the weights are never kept.
 */
const productsOf = { all: 4, products: 5, inputs: 7 };

function productsIn({ scope }: GraphFunction): number {
  return scope.nodes.reduce((sum, node) => {
    const called = calledFunction(node);
    return sum + (called ? productsIn(called) : Number(/MatMul/.test(node.op)));
  }, 0);
}

/** dL/dε at ε = 0 for q, k and v + ε · direction and L = Σ dOutput · output, by central differences. */
function slopeAlong(
  direction: Values,
  values: Values,
  seen: readonly number[][],
  dOutput: readonly number[],
  cap: number | null,
): number {
  const step = 1e-5;
  const at = (epsilon: number) => {
    const moved = (name: keyof Values) =>
      values[name].map((x, i) => x + epsilon * (direction[name][i] ?? NaN));
    return dot(dOutput, expected({ q: moved('q'), k: moved('k'), v: moved('v') }, seen, cap));
  };
  return (at(step) - at(-step)) / (2 * step);
}

/** Token by token, in float64: [length, groups · headDim]. */
function expected({ q, k, v }: Values, seenBy: readonly number[][], cap: number | null): number[] {
  const { length } = seenBy;
  const row = (x: readonly number[], at: number) => x.slice(at * headDim, (at + 1) * headDim);
  const [keys, values] = [seenBy.map((_, s) => row(k, s)), seenBy.map((_, s) => row(v, s))];
  return seenBy.flatMap((seen, t) =>
    Array.from({ length: groups }, (_, g) => {
      const query = row(q, g * length + t);
      const scores = seen.map((s) => {
        const score = dot(query, keys[s] ?? []);
        return Math.exp(cap === null ? score : cap * Math.tanh(score / cap));
      });
      const total = scores.reduce((sum, each) => sum + each, 0);
      const weights = scores.map((score) => score / total);
      return Array.from({ length: headDim }, (_, i) =>
        weights.reduce((sum, weight, j) => sum + weight * (values[seen[j] ?? NaN]?.[i] ?? NaN), 0),
      );
    }).flat(),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, i) => sum + each * (b[i] ?? NaN), 0);
}
